namespace Stack.Cli;

/// <summary>What came of a load of allocations, besides the common figures.</summary>
internal sealed class AllocationTally
{
    public LoadTally Load { get; } = new();

    /// <summary>Allocations that a refresh has prolonged; null where none was asked for.</summary>
    public int? Refreshed { get; set; }

    /// <summary>Allocations whose packet reached the next one unchanged; null where none was sent.</summary>
    public int? Relayed { get; set; }

    /// <summary>Allocations that were lost while they were held.</summary>
    public int Lost { get; set; }

    public int Released { get; set; }

    /// <summary>The server's memory before the first allocation.</summary>
    public long? BytesBefore { get; set; }

    /// <summary>The server's memory when all allocations are there, and have relayed.</summary>
    public long? BytesHeld { get; set; }

    /// <summary>The server's memory after the release.</summary>
    public long? BytesAfter { get; set; }

    public double? BytesPerAllocation => BytesHeld - BytesBefore is { } grown && Load.Received != 0 ? (double)grown / Load.Received : null;
}
