namespace Stack.Fuzz.Model;

/// <summary>A peer's datagram on its way to the client: as ChannelData where there is a channel, else as a Data indication.</summary>
internal readonly record struct ExpectedRelayed(ModelTuple Tuple, int? Channel, int Header, int Size);
