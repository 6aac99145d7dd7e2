namespace Stack.Stun;

/// <summary>How many replies over UDP a source may cause, since its address may be forged and the replies hit somebody else.</summary>
/// <param name="PerSecond">Replies per second for an IPv4 address or an IPv6 /64.</param>
/// <param name="Burst">Replies at once for the same.</param>
/// <param name="GlobalPerSecond">Replies per second for all sources together.</param>
public sealed record ReplyRateLimit(int PerSecond, int Burst, int GlobalPerSecond)
{
    /// <summary>10 a second, 20 at once, 20,000 a second in all.</summary>
    public static readonly ReplyRateLimit Default = new(10, 20, 20_000);
}
