using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <content>CreatePermission (RFC 8656 section 10.2) and ChannelBind (section 12.2).</content>
internal sealed partial class ModelServer
{
    private ExpectedStep CreatePermission(ModelCaller caller, ModelAllocation allocation)
    {
        List<ReferenceAddress?> peers = caller.Request.Message.Visible
            .Where(attribute => attribute.Type == ModelAttribute.XorPeerAddress)
            .Select(caller.Request.AddressOf)
            .ToList();
        if (peers.Count == 0 || peers.Contains(null))
        {
            return caller.Refuse(400);
        }

        if (peers.Exists(peer => allocation.Find(peer!.Value.Family) is null))
        {
            return caller.Refuse(443);
        }

        if (peers.Exists(peer => !_settings.Policy.Allows(peer!.Value)))
        {
            return caller.Refuse(403);
        }

        int added = peers
            .Select(peer => peer!.Value with { Port = 0 })
            .Distinct()
            .Count(peer => !allocation.Find(peer.Family)!.Permits(peer, caller.Now));
        bool full = added > 0 && allocation.LivePermissions(caller.Now) + added > _settings.Permissions;
        if (peers.Count > _settings.PeersPerRequest || full)
        {
            return caller.Refuse(508);
        }

        foreach (ReferenceAddress? peer in peers)
        {
            allocation.Find(peer!.Value.Family)!.Permit(peer.Value, caller.Now);
        }

        return caller.Succeed();
    }

    private ExpectedStep ChannelBind(ModelCaller caller, ModelAllocation allocation)
    {
        int number = (int)((caller.Request.Word(ModelAttribute.ChannelNumber) ?? 0) >> 16);
        int last = _settings.Rfc5766Channels ? 0x7FFF : 0x4FFF;
        ReferenceAddress? address = caller.Request.Address(ModelAttribute.XorPeerAddress);
        if (number < 0x4000 || number > last || address is not { Port: > 0 } peer || allocation.Protocol != ModelShared.Udp)
        {
            return caller.Refuse(400);
        }

        ModelChannel? byNumber = allocation.Channel(number, caller.Now);
        ModelChannel? byPeer = allocation.Channel(peer, caller.Now);
        if (byNumber != byPeer)
        {
            return caller.Refuse(400);
        }

        if (allocation.Find(peer.Family) is not { } relay)
        {
            return caller.Refuse(443);
        }

        if (!_settings.Policy.AllowsEndPoint(peer, _shared.IsLiveRelay(peer)))
        {
            return caller.Refuse(403);
        }

        bool channelFits = byNumber is not null || allocation.LiveChannels(caller.Now) < _settings.Channels;
        bool permissionFits = relay.Permits(peer, caller.Now) || allocation.LivePermissions(caller.Now) < _settings.Permissions;
        if (!channelFits || !permissionFits)
        {
            return caller.Refuse(508);
        }

        if (byNumber is null)
        {
            allocation.Channels.RemoveAll(channel => channel.Number == number || channel.Peer == peer);
            byNumber = new ModelChannel(number, peer, relay);
            allocation.Channels.Add(byNumber);
        }

        byNumber.Expires = caller.Now + ModelChannel.Lifetime;
        relay.Permit(peer, caller.Now);
        return caller.Succeed();
    }
}
