using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Signaling;

/// <summary>What a PeerJS peer said to somebody who is not there yet.</summary>
internal sealed class AbsentMessages(Instant expires)
{
    public Instant Expires => expires;

    public List<Said> Messages { get; } = [];

    public int Bytes { get; set; }
}
