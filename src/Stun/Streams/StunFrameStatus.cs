namespace Stack.Stun;

/// <summary>What a framer found at the start of a stream's bytes.</summary>
public enum StunFrameStatus : byte
{
    /// <summary>A whole frame.</summary>
    Frame,

    /// <summary>The beginning of a frame; more bytes are needed.</summary>
    NeedMore,

    /// <summary>Something that cannot be a frame: the connection is out of step and must be closed.</summary>
    Invalid,

    /// <summary>A frame larger than the cap: the connection must be closed.</summary>
    TooLarge,
}
