namespace Stack.Cli;

/// <summary>What a server is flooded with.</summary>
internal enum FloodKind
{
    /// <summary>Random bytes.</summary>
    Garbage,

    /// <summary>Binding requests.</summary>
    Binding,

    /// <summary>Allocate requests without a credential.</summary>
    Allocate,

    /// <summary>Allocate requests with the server's own nonce and a wrong MESSAGE-INTEGRITY.</summary>
    Forged,
}
