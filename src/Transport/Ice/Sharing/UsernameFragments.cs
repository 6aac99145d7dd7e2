using System;
using System.Text;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The two username fragments in USERNAME of a connectivity check (RFC 8445 section 7.2.2).</summary>
internal readonly ref struct UsernameFragments
{
    private UsernameFragments(ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> sender)
    {
        Receiver = receiver;
        Sender = sender;
    }

    /// <summary>Of the agent that the check is for.</summary>
    public ReadOnlySpan<byte> Receiver { get; }

    /// <summary>Of the agent that sent it.</summary>
    public ReadOnlySpan<byte> Sender { get; }

    /// <summary>Reads them from a Binding request. Allocates nothing.</summary>
    /// <returns>False for any other datagram, and where USERNAME is not made of two fragments.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out UsernameFragments fragments)
    {
        fragments = default;
        if (StunDemultiplexer.Classify(datagram) != StunPacketKind.Stun
            || StunMessage.Decode(datagram, out StunMessage message) != StunDecodeStatus.Ok
            || message.Class != StunClass.Request
            || message.ReadUsername(out ReadOnlySpan<byte> username) != StunAttributeStatus.Present)
        {
            return false;
        }

        int colon = username.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        fragments = new UsernameFragments(username[..colon], username[(colon + 1)..]);
        return IsFragment(fragments.Receiver) && IsFragment(fragments.Sender);
    }

    private static bool IsFragment(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < IceCredentials.MinFragmentLength or > IceCredentials.MaxLength)
        {
            return false;
        }

        Span<char> text = stackalloc char[IceCredentials.MaxLength];
        int length = Encoding.Latin1.GetChars(bytes, text);
        return IceCredentials.IsIceChars(text[..length]);
    }
}
