using System;
using Stack.Stun;

namespace Stack.Turn;

public sealed partial class ClientAllocation
{
    // How many events of indications wait at most: what a server sends faster than they are read is dropped.
    private const int MaxReported = 64;

    private static readonly StunAttributeType[] UnderstoodInIndications =
    [
        StunAttributeType.XorPeerAddress,
        StunAttributeType.Data,
        StunAttributeType.ConnectionId,
    ];

    private ClientDisposition HandleChannelData(ReadOnlySpan<byte> datagram, out PeerPayload data)
    {
        data = default;
        if (!ChannelData.TryRead(datagram, out ChannelNumber channel, out int length))
        {
            return ClientDisposition.Malformed;
        }

        if (!_channels.TryGetPeer(channel, out TransportAddress peer))
        {
            return ClientDisposition.NoChannel;
        }

        data = new PeerPayload(peer, ChannelData.HeaderSize, length);
        return ClientDisposition.PeerData;
    }

    private ClientDisposition HandleIndication(StunMessage message, Instant now, out PeerPayload data)
    {
        data = default;
        if (message.HasFingerprint && !Fingerprint.Verify(message))
        {
            return ClientDisposition.WrongFingerprint;
        }

        if (message.Method is not (StunMethod.Data or StunMethod.ConnectionAttempt))
        {
            return ClientDisposition.NotExpected;
        }

        // RFC 8489 section 6.3.2: an indication with an attribute that must be understood and is not is discarded.
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[1];
        if (message.CollectUnknownAttributes(UnderstoodInIndications, unknown) != 0
            || message.ReadXorPeerAddress(out TransportAddress peer) != StunAttributeStatus.Present)
        {
            return ClientDisposition.Incomplete;
        }

        if (State != ClientAllocationState.Active)
        {
            return ClientDisposition.NoAllocation;
        }

        // The answer to CreatePermission may come behind the first data, so a permission that is asked for counts.
        peer = peer.Unmapped;
        if (!_permissions.Contains(peer) && !_channels.Contains(peer))
        {
            return ClientDisposition.NoPermission;
        }

        return message.Method == StunMethod.Data ? HandleData(message, peer, out data) : HandleConnectionAttempt(message, peer);
    }

    private ClientDisposition HandleData(StunMessage message, TransportAddress peer, out PeerPayload data)
    {
        data = default;
        if (message.ReadData(out ReadOnlySpan<byte> payload) == StunAttributeStatus.Present)
        {
            message.Bytes.Overlaps(payload, out int offset);
            data = new PeerPayload(peer, offset, payload.Length);
            return ClientDisposition.PeerData;
        }

        return message.ReadIcmp(out IcmpError error) == StunAttributeStatus.Present
            ? Report(new ClientAllocationEvent(ClientAllocationEventKind.IcmpError) { Peer = peer, Icmp = error })
            : ClientDisposition.Incomplete;
    }

    private ClientDisposition HandleConnectionAttempt(StunMessage message, TransportAddress peer)
    {
        if (_options.Protocol != RelayProtocol.Tcp)
        {
            return ClientDisposition.NotExpected;
        }

        return message.ReadConnectionId(out ConnectionId id) == StunAttributeStatus.Present
            ? Report(new ClientAllocationEvent(ClientAllocationEventKind.PeerConnectionAttempted) { Peer = peer, Connection = id })
            : ClientDisposition.Incomplete;
    }

    private ClientDisposition Report(ClientAllocationEvent happened)
    {
        if (_events.Count < MaxReported)
        {
            _events.Enqueue(happened);
        }

        return ClientDisposition.Reported;
    }
}
