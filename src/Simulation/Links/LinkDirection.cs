using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>One direction of a link: decides whether, when and how often a packet arrives at its other end.</summary>
internal sealed class LinkDirection(VirtualInterface owner, bool isUp)
{
    private LinkProfile _profile = LinkProfile.Ideal;
    private bool _isIdeal = true;
    private bool _inBurst;
    private long _busyUntil;
    private long _lastArrival;

    public LinkProfile Profile
    {
        get => _profile;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            LinkProfile.Verify(value);
            _profile = value;
            _isIdeal = value.IsIdeal;
        }
    }

    private Simulator Simulator => owner.Network.Simulator;

    public void Transfer(Packet packet)
    {
        if (!IsOpen(packet))
        {
            return;
        }

        if (_isIdeal)
        {
            ArriveAt(Simulator.Now.Ticks, packet);
            return;
        }

        int fragments = 1;
        if (_profile.Mtu != 0 && packet.WireSize > _profile.Mtu && !TryFragment(packet, out fragments))
        {
            return;
        }

        long sent = Simulator.Now.Ticks;
        if (_profile.BitsPerSecond != 0 && !TryQueue(packet, out sent))
        {
            return;
        }

        if (IsLost(fragments))
        {
            Simulator.End(PacketFate.Lost, owner.Name, packet);
            return;
        }

        if (Simulator.Random.Chance(_profile.Duplication))
        {
            Packet copy = Simulator.Rent();
            copy.CopyFrom(packet);
            Simulator.Note(PacketFate.Duplicated, owner.Name, packet);
            ArriveAt(sent + _profile.Latency.Draw(Simulator.Random).Ticks, copy);
        }

        ArriveAt(ArrivalOf(sent), packet);
    }

    /// <summary>The packet is at the other end.</summary>
    public void Arrive(Packet packet)
    {
        if (!IsOpen(packet))
        {
            return;
        }

        if (isUp)
        {
            owner.Network.Forward(packet, owner);
        }
        else
        {
            owner.Owner.Receive(owner, packet);
        }
    }

    private bool IsOpen(Packet packet)
    {
        if (owner.IsUp && owner.IsAttached && !owner.Link.IsCut)
        {
            return true;
        }

        Simulator.End(PacketFate.LinkDown, owner.Name, packet);
        return false;
    }

    private void ArriveAt(long ticks, Packet packet)
    {
        // Routers are ours and can be called at once; a host's handlers must not run within the call that has sent the packet.
        if (ticks == Simulator.Now.Ticks && (isUp || packet.HasTravelled || owner.Owner is Router))
        {
            Arrive(packet);
            return;
        }

        packet.Hop = this;
        Simulator.Push(ticks, packet);
    }

    private long ArrivalOf(long sent)
    {
        long arrival = sent + _profile.Latency.Draw(Simulator.Random).Ticks;
        if (Simulator.Random.Chance(_profile.Reordering))
        {
            return arrival + Simulator.Random.Between(TimeSpan.Zero, _profile.ReorderDelay).Ticks;
        }

        if (_profile.KeepsOrder)
        {
            arrival = _lastArrival = Math.Max(arrival, _lastArrival);
        }

        return arrival;
    }

    private bool TryFragment(Packet packet, out int fragments)
    {
        int header = packet.Destination.Family == StunAddressFamily.IPv4 ? 20 : 48;
        int room = (_profile.Mtu - header) & ~7;
        if (_profile.Oversize == OversizePolicy.Fragment && !packet.DontFragment && room > 0)
        {
            fragments = (packet.WireSize - header + room - 1) / room;
            return true;
        }

        fragments = 0;
        if (_profile.Oversize != OversizePolicy.Drop)
        {
            owner.Network.Report(packet, UnreachableReason.TooBig, owner);
        }

        Simulator.End(PacketFate.TooBig, owner.Name, packet);
        return false;
    }

    private bool TryQueue(Packet packet, out long sent)
    {
        long now = Simulator.Now.Ticks;
        sent = Math.Max(now, _busyUntil);
        double waiting = (double)(sent - now) / TimeSpan.TicksPerSecond * _profile.BitsPerSecond / 8;
        if (waiting + packet.WireSize > Math.Max(_profile.QueueBytes, packet.WireSize))
        {
            Simulator.End(PacketFate.QueueFull, owner.Name, packet);
            return false;
        }

        sent += packet.WireSize * 8L * TimeSpan.TicksPerSecond / _profile.BitsPerSecond;
        _busyUntil = sent;
        return true;
    }

    private bool IsLost(int fragments)
    {
        bool lost = false;
        for (int i = 0; i < fragments; i++)
        {
            lost |= IsLost();
        }

        return lost;
    }

    private bool IsLost()
    {
        if (_profile.Loss is 0 or 1 || _profile.MeanLossBurst <= 1)
        {
            return Simulator.Random.Chance(_profile.Loss);
        }

        // Gilbert: the chance to enter a burst keeps the share of losses what it shall be.
        double leave = 1 / _profile.MeanLossBurst;
        double enter = leave * _profile.Loss / (1 - _profile.Loss);
        _inBurst = _inBurst ? !Simulator.Random.Chance(leave) : Simulator.Random.Chance(enter);
        return _inBurst;
    }
}
