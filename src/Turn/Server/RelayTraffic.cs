namespace Stack.Turn;

/// <summary>What was relayed, headers not counted.</summary>
/// <param name="PacketsToPeers">Datagrams to peers.</param>
/// <param name="BytesToPeers">Application data in them.</param>
/// <param name="PacketsToClient">Datagrams to the client.</param>
/// <param name="BytesToClient">Application data in them.</param>
/// <param name="Dropped">Datagrams of either direction that were not relayed.</param>
public readonly record struct RelayTraffic(long PacketsToPeers, long BytesToPeers, long PacketsToClient, long BytesToClient, long Dropped);
