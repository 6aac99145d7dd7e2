using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>A UDP socket through <c>recvmsg</c> and <c>sendmsg</c>, which carry the byte of the IP header and the ICMP errors.</summary>
internal sealed class LinuxDatagramPort : DatagramPort
{
    private const byte OriginLocal = 1;
    private const byte OriginIcmp = 2;
    private const byte OriginIcmpV6 = 3;
    private const int ExtendedErrorSize = 16;
    private const int MaxErrors = 64;
    private const int ProbeSize = 8;

    private readonly LinuxPoller _poller;
    private readonly LinuxMessage _message;
    private bool _isBusy;
    private ulong _readAt;
    private bool _dontFragment;
    private TransportAddress _lastTooBig;

    public LinuxDatagramPort(Socket socket, LinuxPoller poller, DatagramReader owner, ulong key, DatagramPortOptions options)
        : base(socket, poller, owner)
    {
        _poller = poller;
        _message = poller.Message;
        Key = key;
        Handle = socket.SafeHandle;
        Descriptor = Handle.DangerousGetHandle();
        IsIPv4 = socket.AddressFamily == AddressFamily.InterNetwork;
        ReportsIcmp = options.ReportsIcmp;
        UnsegmentedFrom = options.Segments ? int.MaxValue : 0;
        SetOption(LinuxCalls.ReceiveTypeOfService, LinuxCalls.ReceiveTrafficClass, 1);

        // The default of the system would set the DF bit on its own account (RFC 8656 section 14: as if the incoming bit were 0).
        SetOption(LinuxCalls.MtuDiscover, LinuxCalls.MtuDiscoverIPv6, Fragmenting);
        if (ReportsIcmp)
        {
            SetOption(LinuxCalls.ReceiveError, LinuxCalls.ReceiveErrorIPv6, 1);
        }

        if (options.Coalesces)
        {
            Coalesce();
        }
    }

    // "Never" and "omit" both leave the DF bit clear, but with "never" the system keeps to itself that an earlier datagram with the bit was too big.
    // On IPv6 it does not, and "omit" would not fragment to the path.
    private int Fragmenting => IsIPv4 ? LinuxCalls.DiscoverOmit : LinuxCalls.DiscoverNever;

    /// <summary>What the poller knows it by.</summary>
    public ulong Key { get; }

    public SafeSocketHandle Handle { get; }

    /// <summary>The number behind <see cref="Handle"/>, for what is over before the socket can be closed.</summary>
    public nint Descriptor { get; }

    public bool IsIPv4 { get; }

    public bool ReportsIcmp { get; }

    /// <summary>Datagrams of this length and longer ones leave one by one.</summary>
    public int UnsegmentedFrom { get; set; }

    /// <summary>Remembers whom a datagram was too big for: the system tells it later without the port.</summary>
    public void NoteTooBig(int error, TransportAddress destination)
    {
        if (error == LinuxCalls.MessageSize)
        {
            _lastTooBig = destination;
        }
    }

    /// <summary>Has the DF bit set, or clear, in what is sent from now on.</summary>
    public bool TrySetDontFragment(bool value)
    {
        if (value == _dontFragment)
        {
            return true;
        }

        try
        {
            SetOption(LinuxCalls.MtuDiscover, LinuxCalls.MtuDiscoverIPv6, value ? LinuxCalls.DiscoverAlways : Fragmenting);
            _dontFragment = value;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public override bool TryReadIcmp(out TransportAddress destination, out IcmpError error)
    {
        for (int taken = 0; ReportsIcmp && taken < MaxErrors; taken++)
        {
            _message.PrepareReceive(_message.Address, 0);
            const int Flags = LinuxCalls.MessageErrorQueue | LinuxCalls.MessageDontWait;
            if (LinuxCalls.ReceiveMessage(Handle, _message.Address, Flags) < 0)
            {
                break;
            }

            if (TryParseError(out destination, out error))
            {
                return true;
            }
        }

        destination = default;
        error = default;
        return false;
    }

    protected override bool Receive(ArrivalBatch arrivals)
    {
        // One where mostly one comes: asking for a second that is not there costs a good part of the first. A socket that can be read again at once had more.
        int most = _isBusy ? ArrivalBatch.Slots : _readAt + 1 == _poller.Waits ? ProbeSize : 1;
        int received = _poller.Receiver.Receive(Handle, IsIPv4, arrivals, Math.Min(most, arrivals.Free));
        _isBusy = received > 1;
        _readAt = _poller.Waits;
        return received >= 0;
    }

    protected override bool TrySendUnfragmented(in Departure departure)
    {
        if (!TrySetDontFragment(true))
        {
            return false;
        }

        _message.PrepareSend(departure.Buffer.Address + departure.Offset, departure.Length, departure.Destination, departure.TrafficClass);
        const int Flags = LinuxCalls.MessageDontWait | LinuxCalls.MessageNoSignal;
        if (LinuxCalls.SendMessage(Handle, _message.Address, Flags) >= 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        NoteTooBig(error, departure.Destination);

        // With ICMP errors kept, the system reports an earlier one in place of sending; it does so once.
        return ReportsIcmp
            && error is not (LinuxCalls.Again or LinuxCalls.MessageSize)
            && LinuxCalls.SendMessage(Handle, _message.Address, Flags) >= 0;
    }

    protected override void Detach() => _poller.Remove(this);

    private bool TryParseError(out TransportAddress destination, out IcmpError error)
    {
        destination = _message.Name;
        error = default;
        int level = IsIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6;
        int type = IsIPv4 ? LinuxCalls.ReceiveError : LinuxCalls.ReceiveErrorIPv6;
        if (destination.IsNone
            || !_message.TryFindControl(level, type, out ReadOnlySpan<byte> content)
            || content.Length < ExtendedErrorSize)
        {
            return false;
        }

        int number = MemoryMarshal.Read<int>(content);
        byte icmpType = content[5];
        byte icmpCode = content[6];
        uint mtu = MemoryMarshal.Read<uint>(content[8..]);
        switch (content[4])
        {
            case OriginLocal when number == LinuxCalls.MessageSize:
                // The system knows the address of what it refused to send, but not its port.
                destination = destination.Port == 0 && destination.HasSameAddress(_lastTooBig) ? _lastTooBig : destination;
                error = IsIPv4 ? new IcmpError(3, 4, mtu) : new IcmpError(2, 0, mtu);
                return true;
            case OriginIcmp when icmpType is 3 or 11:
                error = new IcmpError(icmpType, icmpCode, icmpType == 3 && icmpCode == 4 ? mtu : 0);
                return true;
            case OriginIcmpV6 when icmpType is 1 or 2 or 3:
                error = new IcmpError(icmpType, icmpCode, icmpType == 2 ? mtu : 0);
                return true;
            default:
                return false;
        }
    }

    // Kernels before 5.0 know nothing of it, and every datagram comes by itself.
    private void Coalesce()
    {
        try
        {
            Socket.SetRawSocketOption(LinuxCalls.LevelUdp, LinuxCalls.UdpCoalesce, [1, 0, 0, 0]);
        }
        catch (SocketException)
        {
        }
    }

    private void SetOption(int nameIPv4, int nameIPv6, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(bytes, value);
        Socket.SetRawSocketOption(
            IsIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6,
            IsIPv4 ? nameIPv4 : nameIPv6,
            bytes);
    }
}
