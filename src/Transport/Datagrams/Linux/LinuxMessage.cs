using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// The <c>struct msghdr</c> of one loop with all that it points to, in memory that does not move: the same on all 64-bit Linux.
/// <code>
///   0 name address      8 name length    16 vector address   24 vector count
///  32 control address  40 control size   48 flags
///  64 vector: data address, data length  96 name             128 control messages
/// </code>
/// </summary>
internal sealed class LinuxMessage
{
    private const int NameLengthAt = 8;
    private const int VectorAt = 64;
    private const int DataLengthAt = VectorAt + 8;
    private const int ControlLengthAt = 40;
    private const int FlagsAt = 48;
    private const int NameAt = 96;
    private const int NameSize = 28;
    private const int NameSizeIPv4 = 16;
    private const int ControlAt = 128;
    private const int ControlSize = 256;
    private const int ControlHeaderSize = 16;

    private readonly PinnedBuffer _block = new(ControlAt + ControlSize);

    public LinuxMessage()
    {
        Set(0, _block.Address + NameAt);
        Set(16, _block.Address + VectorAt);
        Set(24, (long)1);
        Set(32, _block.Address + ControlAt);
    }

    public nint Address => _block.Address;

    public bool IsTruncated => (Get<int>(FlagsAt) & LinuxCalls.MessageTruncated) != 0;

    /// <summary>The address of the message that was received; none where there is none.</summary>
    public TransportAddress Name
    {
        get
        {
            int length = Get<int>(NameLengthAt);
            return Get<ushort>(NameAt) switch
            {
                LinuxCalls.FamilyIPv4 when length >= NameSizeIPv4
                    => SocketAddressConversion.ToTransportAddress(AddressFamily.InterNetwork, _block.Slice(NameAt, NameSizeIPv4)),
                LinuxCalls.FamilyIPv6 when length >= NameSize
                    => SocketAddressConversion.ToTransportAddress(AddressFamily.InterNetworkV6, _block.Slice(NameAt, NameSize)),
                _ => default,
            };
        }
    }

    public void PrepareReceive(nint address, int length)
    {
        Set(NameLengthAt, NameSize);
        Set(VectorAt, address);
        Set(DataLengthAt, (long)length);
        Set(ControlLengthAt, (long)ControlSize);
        Set(FlagsAt, 0);
    }

    public void PrepareSend(nint address, int length, TransportAddress destination, byte trafficClass)
    {
        bool isIPv4 = destination.Family == StunAddressFamily.IPv4;
        Span<byte> name = _block.Slice(NameAt, NameSize);
        name.Clear();
        Set(NameAt, (ushort)(isIPv4 ? LinuxCalls.FamilyIPv4 : LinuxCalls.FamilyIPv6));
        SocketAddressConversion.Write(destination, name);
        Set(NameLengthAt, isIPv4 ? NameSizeIPv4 : NameSize);
        Set(VectorAt, address);
        Set(DataLengthAt, (long)length);
        Set(FlagsAt, 0);
        if (trafficClass == 0)
        {
            Set(ControlLengthAt, (long)0);
            return;
        }

        Set(ControlAt, (long)(ControlHeaderSize + sizeof(int)));
        Set(ControlAt + 8, isIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6);
        Set(ControlAt + 12, isIPv4 ? LinuxCalls.TypeOfService : LinuxCalls.TrafficClass);
        Set(ControlAt + ControlHeaderSize, (int)trafficClass);
        Set(ControlLengthAt, (long)(ControlHeaderSize + 8));
    }

    /// <summary>Finds a control message that came with what was received.</summary>
    /// <param name="level">Its level.</param>
    /// <param name="type">Its type.</param>
    /// <param name="content">What it holds.</param>
    public bool TryFindControl(int level, int type, out ReadOnlySpan<byte> content)
    {
        int end = ControlAt + (int)Math.Min(Get<long>(ControlLengthAt), ControlSize);
        for (int at = ControlAt; at + ControlHeaderSize <= end;)
        {
            long length = Get<long>(at);
            if (length < ControlHeaderSize || length > end - at)
            {
                break;
            }

            if (Get<int>(at + 8) == level && Get<int>(at + 12) == type)
            {
                content = _block.Slice(at + ControlHeaderSize, (int)length - ControlHeaderSize);
                return true;
            }

            at += ((int)length + 7) & ~7;
        }

        content = default;
        return false;
    }

    private T Get<T>(int offset)
        where T : struct
        => MemoryMarshal.Read<T>(_block.Bytes.AsSpan(offset));

    private void Set<T>(int offset, T value)
        where T : struct
        => MemoryMarshal.Write(_block.Bytes.AsSpan(offset), value);
}
