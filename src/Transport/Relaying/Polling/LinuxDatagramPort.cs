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

    private readonly LinuxPoller _poller;
    private readonly LinuxMessage _message;
    private readonly ulong _key;
    private readonly bool _isIPv4;
    private readonly bool _reportsIcmp;
    private bool _dontFragment;
    private TransportAddress _lastTooBig;

    public LinuxDatagramPort(Socket socket, LinuxPoller poller, LinuxMessage message, ulong key, bool reportsIcmp)
        : base(socket)
    {
        _poller = poller;
        _message = message;
        _key = key;
        _isIPv4 = socket.AddressFamily == AddressFamily.InterNetwork;
        _reportsIcmp = reportsIcmp;
        SetOption(LinuxCalls.ReceiveTypeOfService, LinuxCalls.ReceiveTrafficClass, 1);

        // The default of the system would set the DF bit on its own account (RFC 8656 section 14: as if the incoming bit were 0).
        SetOption(LinuxCalls.MtuDiscover, LinuxCalls.MtuDiscoverIPv6, Fragmenting);
        if (reportsIcmp)
        {
            SetOption(LinuxCalls.ReceiveError, LinuxCalls.ReceiveErrorIPv6, 1);
        }
    }

    // "Never" and "omit" both leave the DF bit clear, but with "never" the system keeps to itself that an earlier datagram with the bit was too big.
    // On IPv6 it does not, and "omit" would not fragment to the path.
    private int Fragmenting => _isIPv4 ? LinuxCalls.DiscoverOmit : LinuxCalls.DiscoverNever;

    public SafeSocketHandle Handle => Socket.SafeHandle;

    public override ReceiveStatus Receive(PinnedBuffer buffer, int offset, int length, out DatagramArrival arrival)
    {
        arrival = default;
        _message.PrepareReceive(buffer.Address + offset, length);
        nint received = LinuxCalls.ReceiveMessage(Handle, _message.Address, LinuxCalls.MessageDontWait);
        if (received < 0)
        {
            return Marshal.GetLastPInvokeError() == LinuxCalls.Again ? ReceiveStatus.Empty : ReceiveStatus.Failed;
        }

        if (received >= length || _message.IsTruncated)
        {
            return ReceiveStatus.Truncated;
        }

        arrival = new DatagramArrival((int)received, _message.Name, ReadTrafficClass());
        return ReceiveStatus.Received;
    }

    public override bool Send(
        PinnedBuffer buffer,
        int offset,
        int length,
        TransportAddress destination,
        byte trafficClass,
        bool dontFragment)
    {
        if (dontFragment != _dontFragment && !TrySetDontFragment(dontFragment))
        {
            return false;
        }

        _message.PrepareSend(buffer.Address + offset, length, destination, trafficClass);
        const int Flags = LinuxCalls.MessageDontWait | LinuxCalls.MessageNoSignal;
        if (LinuxCalls.SendMessage(Handle, _message.Address, Flags) >= 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == LinuxCalls.MessageSize)
        {
            _lastTooBig = destination;
            return false;
        }

        // With ICMP errors kept, the system reports an earlier one in place of sending; it does so once.
        return _reportsIcmp && error != LinuxCalls.Again && LinuxCalls.SendMessage(Handle, _message.Address, Flags) >= 0;
    }

    public override bool TryReadIcmp(out TransportAddress destination, out IcmpError error)
    {
        for (int taken = 0; _reportsIcmp && taken < IDatagramReader.Burst; taken++)
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

    protected override void Detach() => _poller.Remove(_key, Handle);

    private bool TryParseError(out TransportAddress destination, out IcmpError error)
    {
        destination = _message.Name;
        error = default;
        int level = _isIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6;
        int type = _isIPv4 ? LinuxCalls.ReceiveError : LinuxCalls.ReceiveErrorIPv6;
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
                error = _isIPv4 ? new IcmpError(3, 4, mtu) : new IcmpError(2, 0, mtu);
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

    private byte ReadTrafficClass()
    {
        int level = _isIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6;
        int type = _isIPv4 ? LinuxCalls.TypeOfService : LinuxCalls.TrafficClass;
        if (!_message.TryFindControl(level, type, out ReadOnlySpan<byte> content) || content.IsEmpty)
        {
            return 0;
        }

        return _isIPv4 || content.Length < sizeof(int) ? content[0] : (byte)MemoryMarshal.Read<int>(content);
    }

    private bool TrySetDontFragment(bool value)
    {
        try
        {
            SetOption(
                LinuxCalls.MtuDiscover,
                LinuxCalls.MtuDiscoverIPv6,
                value ? LinuxCalls.DiscoverAlways : Fragmenting);
            _dontFragment = value;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void SetOption(int nameIPv4, int nameIPv6, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(bytes, value);
        Socket.SetRawSocketOption(
            _isIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6,
            _isIPv4 ? nameIPv4 : nameIPv6,
            bytes);
    }
}
