namespace Stack.Stun;

/// <summary>What a <see cref="BindingServer"/> does beyond RFC 8489 section 12. The defaults are for the open internet.</summary>
public sealed record BindingServerOptions
{
    /// <summary>The endpoints for NAT behaviour discovery (RFC 5780); null, the default, for none. Only UDP uses them.</summary>
    public AlternateAddresses? Alternate { get; init; }

    /// <summary>Whether classic clients are answered, which send no magic cookie (RFC 3489); not by default.</summary>
    public bool Classic { get; init; }

    /// <summary>The value of SOFTWARE; null, the default, for none: it makes answers larger and tells attackers what runs.</summary>
    public string? Software { get; init; }

    /// <summary>The share of replies over UDP; <see cref="ReplyRateLimit.Default"/> by default, null for no limit.</summary>
    public ReplyRateLimit? RateLimit { get; init; } = ReplyRateLimit.Default;
}
