namespace Stack.Signaling.Server;

/// <summary>What the headers of a client's frames amount to.</summary>
internal enum FrameVerdict : byte
{
    /// <summary>Nothing to object to.</summary>
    Fine,

    /// <summary>A frame that is not masked, as those of clients must be.</summary>
    NotMasked,

    /// <summary>A message in more fragments than anybody needs.</summary>
    TooManyFragments,

    /// <summary>A message longer than any message is.</summary>
    TooLong,

    /// <summary>Pings, pongs or closes without end.</summary>
    TooManyControlFrames,
}
