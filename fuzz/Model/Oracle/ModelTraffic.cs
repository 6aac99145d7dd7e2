namespace Stack.Fuzz.Model;

/// <summary>What an allocation relayed.</summary>
internal readonly record struct ModelTraffic(long PacketsToPeers, long BytesToPeers, long PacketsToClient, long BytesToClient, long Dropped);
