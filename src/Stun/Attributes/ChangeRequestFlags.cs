using System;

namespace Stack.Stun;

/// <summary>The flags of CHANGE-REQUEST, at their places on the wire (RFC 5780 section 7.2).</summary>
[Flags]
public enum ChangeRequestFlags
{
    /// <summary>Answer from where the request arrived.</summary>
    None = 0,

    /// <summary>Answer from the other port.</summary>
    ChangePort = 0x2,

    /// <summary>Answer from the other address.</summary>
    ChangeIP = 0x4,
}
