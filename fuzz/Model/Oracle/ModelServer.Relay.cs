using System;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <content>Application data (RFC 8656 sections 11, 12, 14 and 15).</content>
internal sealed partial class ModelServer
{
    // 65535 less the headers of IP and UDP.
    private const int MaxIPv4 = 65507;
    private const int MaxIPv6 = 65527;
    private const int MaxMessage = 65552;

    private static int MaxDatagram(ReferenceAddress to) => to.Family == 1 ? MaxIPv4 : MaxIPv6;

    /// <summary>A peer's datagram; what must go to the client is null for nothing.</summary>
    public ModelDisposition HandlePeerDatagram(long id, ReferenceAddress peer, int length, long now, out ExpectedRelayed? relayed)
    {
        relayed = null;
        if (FindRelay(id) is not { } relay || relay.Expires <= now)
        {
            return ModelDisposition.NoAllocation;
        }

        ModelAllocation allocation = relay.Owner;
        ModelDisposition disposition = ModelDisposition.Relayed;
        bool stream = allocation.Tuple.IsStream;
        ModelChannel? channel = allocation.Channel(peer, now);
        int padding = (4 - (length % 4)) % 4;
        int header = channel is not null ? 4 : peer.Family == 1 ? 36 : 48;
        int size = header + length + (channel is not null && !stream ? 0 : padding);
        int max = !stream ? MaxDatagram(allocation.Tuple.Client) : channel is not null ? 4 + 65536 : MaxMessage;
        if (!relay.Permits(peer, now))
        {
            disposition = ModelDisposition.NoPermission;
        }
        else if (size > max)
        {
            disposition = ModelDisposition.TooLarge;
        }
        else if (!TryTake(allocation, toPeers: false, length, now))
        {
            disposition = ModelDisposition.OverBandwidth;
        }

        if (disposition != ModelDisposition.Relayed)
        {
            allocation.CountDropped();
            return disposition;
        }

        ModelTraffic traffic = allocation.Traffic;
        allocation.Traffic = traffic with { PacketsToClient = traffic.PacketsToClient + 1, BytesToClient = traffic.BytesToClient + length };
        relayed = new ExpectedRelayed(allocation.Tuple, channel?.Number, header, size);
        return disposition;
    }

    /// <summary>An ICMP error about what a relay sent; the message to the client is null for none.</summary>
    public ModelDisposition HandleIcmp(
        long id, ReferenceAddress peer, int type, int code, uint data, long now, out ModelTuple tuple, out ExpectedMessage? message)
    {
        tuple = default;
        message = null;
        if (FindRelay(id) is not { } relay || relay.Expires <= now)
        {
            return ModelDisposition.NoAllocation;
        }

        if (!(relay.Family == 1 ? type is 3 or 11 : type is 1 or 2 or 3))
        {
            return ModelDisposition.Malformed;
        }

        if (!relay.Permits(peer, now))
        {
            return ModelDisposition.NoPermission;
        }

        if (!TryTake(relay.Owner, toPeers: false, 20 + (peer.Family == 1 ? 12 : 24) + 12, now))
        {
            return ModelDisposition.OverBandwidth;
        }

        // RFC 8656 section 18.13: zero but for the two types that tell an MTU.
        data = (relay.Family == 1 ? type == 3 && code == 4 : type == 2) ? data : 0;
        tuple = relay.Owner.Tuple;
        message = new ExpectedMessage(ModelMethod.Data, ModelMethod.Indication, null)
            .WithXored(ModelAttribute.XorPeerAddress, peer)
            .With(
                ModelAttribute.Icmp,
                0, 0, (byte)type, (byte)code, (byte)(data >> 24), (byte)(data >> 16), (byte)(data >> 8), (byte)data);
        return ModelDisposition.Relayed;
    }

    private static ExpectedStep Drop(ModelAllocation allocation, ModelDisposition disposition)
    {
        allocation.CountDropped();
        return ExpectedStep.Silent(disposition);
    }

    private ExpectedStep HandleChannelData(byte[] bytes, ModelTuple tuple, long now)
    {
        if (bytes.Length < 4 || ((bytes[2] << 8) | bytes[3]) > bytes.Length - 4)
        {
            return ExpectedStep.Silent(ModelDisposition.Malformed);
        }

        if (Find(tuple) is not { } allocation)
        {
            return ExpectedStep.Silent(ModelDisposition.NoAllocation);
        }

        ModelChannel? channel = allocation.Channel((bytes[0] << 8) | bytes[1], now);
        return channel is null || channel.Relay.Expires <= now
            ? Drop(allocation, ModelDisposition.NoChannel)
            : Forward(channel.Relay, channel.Peer, 4, (bytes[2] << 8) | bytes[3], dontFragment: false, now);
    }

    private ExpectedStep HandleSend(ModelRequest message, byte[] bytes, ModelTuple tuple, long now)
    {
        if (Find(tuple) is not { } allocation)
        {
            return ExpectedStep.Silent(ModelDisposition.NoAllocation);
        }

        bool dontFragment = message.Has(ModelAttribute.DontFragment);
        bool valid = message.TryFind(ModelAttribute.Data, out ReadOnlySpan<byte> data)
            && message.Address(ModelAttribute.XorPeerAddress) is not null
            && !message.IsMalformed(ModelAttribute.DontFragment, 0)
            && FindUnknown(message, _settings.DontFragment ? TurnTypesWithDontFragment : TurnTypes).Length == 0
            && allocation.Protocol == ModelShared.Udp;
        if (!valid)
        {
            return Drop(allocation, ModelDisposition.Malformed);
        }

        ReferenceAddress peer = message.Address(ModelAttribute.XorPeerAddress)!.Value;
        if (allocation.Find(peer.Family) is not { } relay || relay.Expires <= now || !relay.Permits(peer, now))
        {
            return Drop(allocation, ModelDisposition.NoPermission);
        }

        if (!_settings.Policy.AllowsEndPoint(peer, _shared.IsLiveRelay(peer)))
        {
            return Drop(allocation, ModelDisposition.ForbiddenPeer);
        }

        // Sections 13 and 14: DF is for IPv4 on both sides; section 15: what comes over TCP has no DF bit of its own.
        bool honoured = dontFragment && (tuple.IsStream || (tuple.Client.Family == 1 && peer.Family == 1));
        int offset = data.Length == 0 ? 0 : message.Message.Visible.First(attribute => attribute.Type == ModelAttribute.Data).ValueOffset;
        return Forward(relay, peer, offset, data.Length, honoured, now);
    }

    private ExpectedStep Forward(ModelRelay relay, ReferenceAddress peer, int offset, int length, bool dontFragment, long now)
    {
        ModelAllocation allocation = relay.Owner;
        if (length > MaxDatagram(peer))
        {
            return Drop(allocation, ModelDisposition.TooLarge);
        }

        if (!TryTake(allocation, toPeers: true, length, now))
        {
            return Drop(allocation, ModelDisposition.OverBandwidth);
        }

        ModelTraffic traffic = allocation.Traffic;
        allocation.Traffic = traffic with { PacketsToPeers = traffic.PacketsToPeers + 1, BytesToPeers = traffic.BytesToPeers + length };
        return new ExpectedStep(ModelDisposition.Relayed) { Forward = new ExpectedForward(relay.Id, peer, offset, length, dontFragment) };
    }

    // What one bucket gave is gone even where the next has nothing left.
    private bool TryTake(ModelAllocation allocation, bool toPeers, int length, long now)
    {
        (ModelBucket ToPeers, ModelBucket ToClient) account = _shared.AccountBandwidth[allocation.Account];
        ModelBucket[] buckets = toPeers
            ? [allocation.ToPeers, account.ToPeers, _shared.Total.ToPeers]
            : [allocation.ToClient, account.ToClient, _shared.Total.ToClient];
        return Array.TrueForAll(buckets, bucket => bucket.TryTake(length, now));
    }
}
