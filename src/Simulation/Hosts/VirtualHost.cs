using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>A host: interfaces, UDP sockets, TCP connections, and a clock of its own, which can leap.</summary>
public sealed partial class VirtualHost : NetworkNode
{
    private const int FirstEphemeralPort = 32_768;
    private const int EphemeralPorts = 28_232;

    private readonly Dictionary<TransportAddress, VirtualSocket> _sockets = [];
    private readonly List<VirtualTimer> _timers = [];
    private Instant? _frozenAt;

    internal VirtualHost(Simulator simulator, string name)
        : base(simulator, name)
        => Random = simulator.Random.Fork();

    /// <summary>Raised when an interface comes or goes, or its state or addresses change, also those of one that is down.</summary>
    public event EventHandler<InterfaceChangedEventArgs>? InterfaceChanged;

    /// <summary>Randomness of this host: for its ports, and for the programs on it.</summary>
    public SimulationRandom Random { get; }

    /// <summary>The host's time: never goes back, and leaps where <see cref="JumpClock"/> or <see cref="Suspend"/> say so.</summary>
    public Instant Now => _frozenAt ?? Simulator.Now + ClockOffset;

    /// <summary>Whether nothing of the host runs.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>Whether the host answers UDP to a closed port with ICMP, and TCP with RST; it does by default.</summary>
    public bool ReportsClosedPorts { get; set; } = true;

    /// <summary>How far the host's clock is ahead of the simulation's.</summary>
    internal TimeSpan ClockOffset { get; private set; }

    /// <summary>Adds an interface on a network; more than one on the same is possible.</summary>
    /// <param name="network">The network.</param>
    /// <param name="addresses">Its addresses; ports do not count.</param>
    /// <exception cref="ArgumentException">An address is none, or taken.</exception>
    public VirtualInterface AddInterface(Network network, params IReadOnlyList<TransportAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        VirtualInterface added = Attach(network);
        foreach (TransportAddress address in addresses)
        {
            added.Claim(address);
        }

        NoteChange(added);
        return added;
    }

    /// <summary>Adds an interface with addresses from text, such as <c>192.168.1.2</c>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="address">An address.</param>
    /// <param name="others">More of them.</param>
    /// <exception cref="FormatException">A text is no address.</exception>
    /// <exception cref="ArgumentException">An address is none of a host, or taken.</exception>
    public VirtualInterface AddInterface(Network network, string address, params IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        var addresses = new List<TransportAddress> { Endpoint.Parse(address) };
        foreach (string other in others)
        {
            addresses.Add(Endpoint.Parse(other));
        }

        return AddInterface(network, addresses);
    }

    /// <summary>Takes an interface away. Sockets and connections stay, and have no address any more.</summary>
    /// <param name="gone">An interface of this host.</param>
    public void RemoveInterface(VirtualInterface gone)
    {
        ArgumentNullException.ThrowIfNull(gone);
        if (Detach(gone))
        {
            gone.Remove();
            NoteChange(gone);
        }
    }

    /// <summary>Opens a UDP socket.</summary>
    /// <param name="local">An address of this host, or 0.0.0.0 or ::; with port 0 for a free one.</param>
    /// <exception cref="ArgumentException">The address is not one of this host.</exception>
    /// <exception cref="InvalidOperationException">The port is taken.</exception>
    public VirtualSocket BindUdp(TransportAddress local)
        => TryBindUdp(local, out VirtualSocket? socket) ? socket! : throw new InvalidOperationException($"{local} is in use on {Name}.");

    /// <summary>Opens a UDP socket where its port is free.</summary>
    /// <param name="local">An address of this host, or 0.0.0.0 or ::; with port 0 for a free one.</param>
    /// <param name="socket">The socket; null where the port is taken.</param>
    /// <exception cref="ArgumentException">The address is not one of this host.</exception>
    public bool TryBindUdp(TransportAddress local, out VirtualSocket? socket)
    {
        CheckLocal(local);
        socket = null;
        if (local.Port != 0 && _sockets.ContainsKey(Network.KeyOf(local)))
        {
            return false;
        }

        socket = new VirtualSocket(this, local.Port != 0 ? local : FindFreePort(local, port => _sockets.ContainsKey(Network.KeyOf(port))));
        _sockets.Add(Network.KeyOf(socket.Local), socket);
        return true;
    }

    /// <summary>Makes a timer, which is not set.</summary>
    /// <param name="elapsed">What it calls.</param>
    public VirtualTimer CreateTimer(Action elapsed)
    {
        ArgumentNullException.ThrowIfNull(elapsed);
        var timer = new VirtualTimer(this, elapsed);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Puts the host to sleep: no timer elapses, and what comes is lost. What has been sent stays under way.</summary>
    /// <param name="duration">For how long.</param>
    /// <param name="clockRuns">
    /// Whether the host's clock runs on, so that it has leapt when the host wakes up (as on Windows, and CLOCK_BOOTTIME); or stands still (as
    /// CLOCK_MONOTONIC does).
    /// </param>
    /// <exception cref="InvalidOperationException">It sleeps already.</exception>
    public void Suspend(TimeSpan duration, bool clockRuns = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        if (IsSuspended)
        {
            throw new InvalidOperationException($"{Name} is suspended already.");
        }

        _frozenAt = clockRuns ? null : Now;
        IsSuspended = true;
        Simulator.Schedule(duration, () =>
        {
            IsSuspended = false;
            ClockOffset -= clockRuns ? TimeSpan.Zero : duration;
            _frozenAt = null;
            QueueTimers();
        });
    }

    /// <summary>Sets the host's clock ahead; timers that are passed by are due at once.</summary>
    /// <param name="leap">How far, zero or more: a monotonic clock does not go back.</param>
    public void JumpClock(TimeSpan leap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leap, TimeSpan.Zero);
        ClockOffset += leap;
        QueueTimers();
    }

    /// <summary>Finds the interface with an address.</summary>
    /// <param name="address">The address; its port does not count.</param>
    /// <returns>Null where none has it.</returns>
    public VirtualInterface? FindInterface(TransportAddress address)
    {
        for (int i = 0; i < Interfaces.Count; i++)
        {
            if (Interfaces[i].Has(address))
            {
                return Interfaces[i];
            }
        }

        return null;
    }

    internal override void NoteChange(VirtualInterface changed) => InterfaceChanged?.Invoke(this, new InterfaceChangedEventArgs(changed));

    internal void Forget(VirtualTimer timer) => _timers.Remove(timer);

    internal void Close(VirtualSocket socket) => _sockets.Remove(Network.KeyOf(socket.Local));

    internal override void Receive(VirtualInterface via, Packet packet)
    {
        if (IsSuspended)
        {
            Simulator.End(PacketFate.Suspended, Name, packet);
            return;
        }

        switch (packet.Protocol)
        {
            case PacketProtocol.Udp:
                ReceiveDatagram(via, packet);
                break;
            case PacketProtocol.Tcp:
                ReceiveSegment(via, packet);
                break;
            default:
                ReceiveError(packet);
                break;
        }
    }

    /// <summary>Finds the way for a packet from a local endpoint.</summary>
    internal SendOutcome Prepare(TransportAddress local, TransportAddress destination, out VirtualInterface? via, out TransportAddress source)
    {
        via = null;
        source = local;
        if (IsSuspended)
        {
            return SendOutcome.Suspended;
        }

        if (destination.Port == 0 || destination.Family != local.Family)
        {
            return SendOutcome.NoRoute;
        }

        if (local.IsUnspecified)
        {
            via = ChooseInterface(destination, out TransportAddress address);
            source = address.IsNone ? local : address.WithPort(local.Port);
            return via is null ? SendOutcome.NoRoute : SendOutcome.Sent;
        }

        via = FindInterface(local);
        if (via is not { IsUp: true })
        {
            return SendOutcome.NoAddress;
        }

        return via.Network.HasWayTo(destination) || FindInterface(destination) is not null ? SendOutcome.Sent : SendOutcome.NoRoute;
    }

    internal void Send(Packet packet, VirtualInterface? via)
    {
        Simulator.Note(PacketFate.Sent, Name, packet);

        // To itself: no link is crossed, whatever the interface is.
        if (FindInterface(packet.Destination) is { } own)
        {
            packet.Hop = new LinkDirection(own, isUp: false);
            Simulator.Push(Simulator.Now.Ticks, packet);
            return;
        }

        via!.Link.SendUp(packet);
    }

    private void CheckLocal(TransportAddress local)
    {
        if (local.IsNone || (!local.IsUnspecified && FindInterface(local) is null))
        {
            throw new ArgumentException($"{local} is not an address of {Name}.", nameof(local));
        }
    }

    private TransportAddress FindFreePort(TransportAddress local, Func<TransportAddress, bool> isTaken)
    {
        int port = Random.Next(EphemeralPorts);
        for (int i = 0; i < EphemeralPorts; i++)
        {
            TransportAddress candidate = local.WithPort(FirstEphemeralPort + ((port + i) % EphemeralPorts));
            if (!isTaken(candidate))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException($"{Name} has no free port.");
    }

    private VirtualInterface? ChooseInterface(TransportAddress destination, out TransportAddress address)
    {
        foreach (VirtualInterface candidate in Interfaces)
        {
            address = candidate.AddressOf(destination.Family);
            if (candidate.IsUp && !address.IsNone && candidate.Network.HasWayTo(destination))
            {
                return candidate;
            }
        }

        address = default;
        return null;
    }

    private void QueueTimers()
    {
        for (int i = 0; i < _timers.Count; i++)
        {
            _timers[i].Queue();
        }
    }

    private void ReceiveDatagram(VirtualInterface via, Packet packet)
    {
        if (FindSocket(packet.Destination) is not { } socket)
        {
            if (ReportsClosedPorts)
            {
                SendError(via, packet);
            }

            Simulator.End(PacketFate.NoSocket, Name, packet);
            return;
        }

        bool taken = socket.Received is not null || socket.HasRoom;
        Simulator.Note(taken ? PacketFate.Delivered : PacketFate.BufferFull, Name, packet);
        if (taken)
        {
            socket.Deliver(packet.Source, packet.Payload);
        }

        Simulator.Recycle(packet);
    }

    private VirtualSocket? FindSocket(TransportAddress destination)
    {
        TransportAddress key = Network.KeyOf(destination);
        if (_sockets.TryGetValue(key, out VirtualSocket? socket))
        {
            return socket;
        }

        TransportAddress any = key.Family == StunAddressFamily.IPv4
            ? TransportAddress.FromIPv4(0, (ushort)key.Port)
            : TransportAddress.FromIPv6(UInt128.Zero, (ushort)key.Port);
        return _sockets.GetValueOrDefault(any);
    }

    private void SendError(VirtualInterface via, Packet about)
    {
        Packet error = Simulator.Rent();
        error.Protocol = PacketProtocol.Icmp;
        error.Source = about.Destination;
        error.Destination = about.Source;
        error.Quoted = about.Destination;
        error.QuotedProtocol = about.Protocol;
        error.Reason = UnreachableReason.Port;
        Send(error, via);
    }

    private void ReceiveError(Packet packet)
    {
        Simulator.Note(PacketFate.Delivered, Name, packet);
        if (packet.QuotedProtocol == PacketProtocol.Tcp)
        {
            FindConnection(packet.Destination, packet.Quoted)?.HandleError();
        }
        else if (FindSocket(packet.Destination) is { } socket)
        {
            socket.Unreachable?.Invoke(socket, packet.Quoted, packet.Reason);
        }

        Simulator.Recycle(packet);
    }
}
