using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The hot path: application data from clients to peers and back (RFC 8656 sections 11 and 12). Decides where a slice of the received bytes goes;
/// copies nothing and allocates nothing.
/// </summary>
internal sealed class RelayPath(TurnServerContext context)
{
    // What fits a UDP datagram: 65535 bytes less the headers of IP and UDP (RFC 768, 791, 8200).
    private const int MaxDatagramIPv4 = 65507;
    private const int MaxDatagramIPv6 = 65527;

    private readonly DataIndication _indication = new(context.Random);

    /// <summary>A ChannelData message from a client (RFC 8656 section 12.6).</summary>
    public TurnServerStep HandleChannelData(ReadOnlySpan<byte> message, in FiveTuple path, Instant now)
    {
        if (!ChannelData.TryRead(message, out ChannelNumber number, out int length, context.Options.AcceptsRfc5766Channels))
        {
            return Drop(TurnServerDisposition.Malformed);
        }

        if (context.Allocations.Find(path) is not { } allocation)
        {
            return Drop(TurnServerDisposition.NoAllocation);
        }

        if (!allocation.Channels.TryGet(number, now, out ChannelBinding channel) || channel.Relay.Expires <= now)
        {
            allocation.CountDropped();
            return Drop(TurnServerDisposition.NoChannel);
        }

        return Forward(allocation, channel.Relay, channel.Peer, ChannelData.HeaderSize, length, dontFragment: false, now);
    }

    /// <summary>A Send indication (RFC 8656 section 11.2).</summary>
    public TurnServerStep HandleSend(in StunMessage message, in FiveTuple path, Instant now)
    {
        if (context.Allocations.Find(path) is not { } allocation)
        {
            return Drop(TurnServerDisposition.NoAllocation);
        }

        // What is known and does not belong here is ignored, not refused (RFC 8489 section 6.3).
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[1];
        StunAttributeStatus dontFragment = message.ReadDontFragment();
        if (message.ReadXorPeerAddress(out TransportAddress address) != StunAttributeStatus.Present
            || message.ReadData(out ReadOnlySpan<byte> data) != StunAttributeStatus.Present
            || dontFragment == StunAttributeStatus.Malformed
            || (dontFragment == StunAttributeStatus.Present && !context.Options.SupportsDontFragment)
            || message.CollectUnknownAttributes(TurnAttributes.RequestsWithDontFragment, unknown) != 0
            || allocation.Protocol != RelayProtocol.Udp)
        {
            allocation.CountDropped();
            return Drop(TurnServerDisposition.Malformed);
        }

        var peer = new PeerAddress(address);
        if (allocation.Find(address.Family) is not { } relay || relay.Expires <= now || !relay.IsPermitted(peer, now))
        {
            allocation.CountDropped();
            return Drop(TurnServerDisposition.NoPermission);
        }

        // The permission is for an address; the port, and what the operator says today, are judged here.
        if (context.Judge(peer) != PeerVerdict.Allowed)
        {
            allocation.CountDropped();
            return Drop(TurnServerDisposition.ForbiddenPeer);
        }

        message.Bytes.Overlaps(data, out int offset);
        bool honoured = dontFragment == StunAttributeStatus.Present && HonoursDontFragment(path, peer);
        return Forward(allocation, relay, peer, data.IsEmpty ? 0 : offset, data.Length, honoured, now);
    }

    /// <summary>A peer's datagram (RFC 8656 sections 11.3 and 12.7).</summary>
    public TurnServerDisposition HandlePeerDatagram(
        RelayId id, PeerAddress peer, Span<byte> buffer, int offset, int length, Instant now, out ClientForward forward)
    {
        forward = default;
        if (!context.Allocations.TryFind(id, out AllocatedRelay? relay) || relay.Expires <= now)
        {
            return TurnServerDisposition.NoAllocation;
        }

        Allocation allocation = relay.Owner;
        TurnServerDisposition disposition = relay.IsPermitted(peer, now)
            ? Wrap(allocation, peer, buffer, offset, length, now, out forward)
            : TurnServerDisposition.NoPermission;
        if (disposition == TurnServerDisposition.Relayed)
        {
            allocation.CountToClient(length);
        }
        else
        {
            allocation.CountDropped();
        }

        return disposition;
    }

    /// <summary>An ICMP error (RFC 8656 section 11.5).</summary>
    public TurnServerDisposition HandleIcmp(
        RelayId id, PeerAddress peer, IcmpError error, Span<byte> buffer, Instant now, out ClientForward forward)
    {
        forward = default;
        if (!context.Allocations.TryFind(id, out AllocatedRelay? relay) || relay.Expires <= now)
        {
            return TurnServerDisposition.NoAllocation;
        }

        bool forwarded = relay.Family == StunAddressFamily.IPv4 ? error.Type is 3 or 11 : error.Type is 1 or 2 or 3;
        if (!forwarded)
        {
            return TurnServerDisposition.Malformed;
        }

        // The permission is looked up for where the datagram went, not for who complains.
        if (!relay.IsPermitted(peer, now))
        {
            return TurnServerDisposition.NoPermission;
        }

        // RFC 8656 section 18.13: the MTU stands in these two; in all others it MUST be zero.
        bool hasMtu = relay.Family == StunAddressFamily.IPv4 ? error is { Type: 3, Code: 4 } : error.Type == 2;
        int length = _indication.Write(buffer, peer, hasMtu ? error : error with { ErrorData = 0 });
        if (!TryTakeToClient(relay.Owner, length, now))
        {
            return TurnServerDisposition.OverBandwidth;
        }

        forward = new ClientForward(relay.Owner.Path, 0, length);
        return TurnServerDisposition.Relayed;
    }

    private static TurnServerStep Drop(TurnServerDisposition disposition) => new(TurnServerAction.None, disposition);

    // RFC 8656 section 13: the translations that touch IPv6 ignore DONT-FRAGMENT; section 15: what comes over TCP does not.
    private static bool HonoursDontFragment(in FiveTuple path, PeerAddress peer)
        => path.Transport != StunTransport.Udp
            || (path.Client.Value.Family == StunAddressFamily.IPv4 && peer.Value.Family == StunAddressFamily.IPv4);

    private static int GetMaxDatagram(TransportAddress destination)
        => destination.Family == StunAddressFamily.IPv4 ? MaxDatagramIPv4 : MaxDatagramIPv6;

    private bool TryTakeToClient(Allocation allocation, int bytes, Instant now)
        => allocation.TryTakeToClient(bytes, now) && context.Resources.Total.TryTakeToClient(bytes, now);

    private TurnServerStep Forward(
        Allocation allocation, AllocatedRelay relay, PeerAddress peer, int offset, int length, bool dontFragment, Instant now)
    {
        TurnServerDisposition disposition = TurnServerDisposition.Relayed;
        if (length > GetMaxDatagram(peer.Value))
        {
            disposition = TurnServerDisposition.TooLarge;
        }
        else if (!allocation.TryTakeToPeers(length, now) || !context.Resources.Total.TryTakeToPeers(length, now))
        {
            disposition = TurnServerDisposition.OverBandwidth;
        }

        if (disposition != TurnServerDisposition.Relayed)
        {
            allocation.CountDropped();
            return Drop(disposition);
        }

        allocation.CountToPeer(length);
        return new TurnServerStep(
            TurnServerAction.Forward,
            TurnServerDisposition.Relayed,
            default,
            new RelayForward(relay.Id, peer, offset, length, dontFragment));
    }

    private TurnServerDisposition Wrap(
        Allocation allocation, PeerAddress peer, Span<byte> buffer, int offset, int length, Instant now, out ClientForward forward)
    {
        forward = default;
        bool stream = allocation.Path.Transport != StunTransport.Udp;
        bool hasChannel = allocation.Channels.TryGet(peer, now, out ChannelBinding channel);
        int header = hasChannel ? ChannelData.HeaderSize : DataIndication.GetHeaderSize(peer);

        // An indication is always padded, ChannelData only on a stream (RFC 8656 section 12.5).
        int padding = hasChannel && !stream ? 0 : -length & 3;
        int size = header + length + padding;
        int max = stream ? (hasChannel ? ChannelData.GetPaddedSize(ushort.MaxValue) : StunMessage.MaxSize) : GetMaxDatagram(allocation.Path.Client.Value);
        if (size > max || length > ushort.MaxValue)
        {
            return TurnServerDisposition.TooLarge;
        }

        if (!TryTakeToClient(allocation, length, now))
        {
            return TurnServerDisposition.OverBandwidth;
        }

        int start = offset - header;
        if (hasChannel)
        {
            ChannelData.WriteHeader(buffer[start..], channel.Number, length);
        }
        else
        {
            _indication.WriteHeader(buffer.Slice(start, header), peer, length);
        }

        buffer.Slice(offset + length, padding).Clear();
        forward = new ClientForward(allocation.Path, start, size);
        return TurnServerDisposition.Relayed;
    }
}
