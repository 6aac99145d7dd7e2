using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>
/// Everything that came of one input, one line each: what was done about it, commands, messages to clients, events, calls of sockets, the next
/// deadline. A test compares all lines, so that one too many fails as one too few does.
/// </summary>
/// <param name="Disposition">What the server said of the input.</param>
/// <param name="Lines">The lines.</param>
/// <param name="Reply">The reply, empty where there is none.</param>
/// <param name="Forward">The decision to send something to a peer.</param>
internal sealed record TurnOutputs(TurnServerDisposition Disposition, IReadOnlyList<string> Lines, byte[] Reply, RelayForward Forward)
{
    /// <summary>The error code of the reply; 200 for a success response, 0 without a reply.</summary>
    public int Code
    {
        get
        {
            if (Reply.Length == 0)
            {
                return 0;
            }

            Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(Reply, out StunMessage message));
            return message.ReadErrorCode(out StunErrorCode code, out _) == StunAttributeStatus.Present ? (int)code : 200;
        }
    }

    /// <summary>The lines from one on.</summary>
    public string[] From(int index) => [.. Lines.Skip(index)];

    public void Are(params string[] expected) => Assert.Equal(expected, Lines);

    /// <summary>That nothing was done, and the deadline is this.</summary>
    public void AreSilent(TurnServerDisposition disposition, string next) => Are($"silent {disposition}", next);

    /// <summary>That the reply has this code; for set-up.</summary>
    public TurnOutputs Expect(int code)
    {
        Assert.True(Code == code, string.Join('\n', Lines));
        return this;
    }

    /// <summary>The value of the first attribute of a type, whatever its place.</summary>
    public byte[]? Find(StunAttributeType type) => MessageText.Attributes(Reply).Where(a => a.Type == type).Select(a => a.Value).FirstOrDefault();

    /// <summary>The seconds of LIFETIME in the reply.</summary>
    public uint Lifetime => BinaryPrimitives.ReadUInt32BigEndian(Find(StunAttributeType.Lifetime));

    /// <summary>The relayed addresses in the reply.</summary>
    public TransportAddress[] Relayed
    {
        get
        {
            Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(Reply, out StunMessage message));
            var relayed = new List<TransportAddress>();
            foreach (StunAttribute attribute in message)
            {
                if (attribute.Type == StunAttributeType.XorRelayedAddress)
                {
                    Assert.Equal(StunAttributeStatus.Present, AddressValue.DecodeXored(message, attribute.Value, out TransportAddress address));
                    relayed.Add(address);
                }
            }

            return [.. relayed];
        }
    }

    public override string ToString() => string.Join(" | ", Lines);
}
