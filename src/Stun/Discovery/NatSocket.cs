namespace Stack.Stun;

/// <summary>One socket of NAT behaviour discovery and its transactions.</summary>
internal sealed class NatSocket(int number, TransactionTable table)
{
    public int Number { get; } = number;

    public TransactionTable Table { get; } = table;

    /// <summary>The local endpoint, once the socket is bound.</summary>
    public TransportAddress Local { get; set; }

    /// <summary>The first mapped endpoint that a server has shown for the socket.</summary>
    public TransportAddress? Mapped { get; set; }
}
