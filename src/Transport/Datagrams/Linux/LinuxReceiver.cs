using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Receives many datagrams by one call (<c>recvmmsg</c>), and takes runs of them in one piece where the system has put them together (UDP_GRO).</summary>
internal sealed unsafe class LinuxReceiver
{
    private const int NameSize = 32;
    private const int NameRoom = 28;
    private const int NameRoomIPv4 = 16;
    private const int ControlSize = 4 * LinuxControl.IntegerSize;

    private readonly PinnedBuffer _memory = new(ArrivalBatch.Slots * (sizeof(LinuxBatchMessage) + sizeof(LinuxVector) + NameSize + ControlSize));
    private readonly LinuxBatchMessage* _messages;
    private readonly LinuxVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;

    public LinuxReceiver()
    {
        _messages = (LinuxBatchMessage*)_memory.Address;
        _vectors = (LinuxVector*)(_messages + ArrivalBatch.Slots);
        _names = (byte*)(_vectors + ArrivalBatch.Slots);
        _controls = _names + (ArrivalBatch.Slots * NameSize);
    }

    /// <summary>Receives up to a number of messages.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="isIPv4">Its family.</param>
    /// <param name="arrivals">Where they go.</param>
    /// <param name="most">How many at most; no more than there are free slots.</param>
    /// <returns>How many; -1 for an error.</returns>
    public int Receive(SafeSocketHandle socket, bool isIPv4, ArrivalBatch arrivals, int most)
    {
        for (int i = 0; i < most; i++)
        {
            _vectors[i].Address = arrivals.Buffer.Address + arrivals.GetOffset(i);
            _vectors[i].Length = ArrivalBatch.MessageSize;
            ref LinuxMessageHeader header = ref _messages[i].Header;
            header.Name = _names + (i * NameSize);
            header.NameLength = NameRoom;
            header.Vectors = _vectors + i;
            header.VectorCount = 1;
            header.Control = _controls + (i * ControlSize);
            header.ControlLength = ControlSize;
            header.Flags = 0;
        }

        int received = most == 1 ? ReceiveOne(socket) : LinuxCalls.ReceiveMessages(socket, _messages, most, LinuxCalls.MessageDontWait, null);
        if (received < 0)
        {
            return Marshal.GetLastPInvokeError() == LinuxCalls.Again ? 0 : -1;
        }

        for (int i = 0; i < received; i++)
        {
            Add(_messages + i, isIPv4, arrivals);
        }

        return received;
    }

    // The call for one costs less than the call for many with one.
    private int ReceiveOne(SafeSocketHandle socket)
    {
        nint length = LinuxCalls.ReceiveMessage(socket, (nint)(&_messages->Header), LinuxCalls.MessageDontWait);
        _messages->Length = (int)length;
        return length < 0 ? -1 : 1;
    }

    private static void Add(LinuxBatchMessage* message, bool isIPv4, ArrivalBatch arrivals)
    {
        LinuxMessageHeader* header = &message->Header;
        if (message->Length >= ArrivalBatch.MessageSize || (header->Flags & LinuxCalls.MessageTruncated) != 0)
        {
            arrivals.AddTruncated();
            return;
        }

        int level = isIPv4 ? LinuxCalls.LevelIP : LinuxCalls.LevelIPv6;
        int type = isIPv4 ? LinuxCalls.TypeOfService : LinuxCalls.TrafficClass;
        LinuxControl.TryRead(header->Control, header->ControlLength, level, type, out int trafficClass);
        LinuxControl.TryRead(header->Control, header->ControlLength, LinuxCalls.LevelUdp, LinuxCalls.UdpCoalesce, out int segmentSize);
        arrivals.Add(message->Length, Math.Max(0, segmentSize), ReadName(header, isIPv4), (byte)trafficClass);
    }

    private static TransportAddress ReadName(LinuxMessageHeader* header, bool isIPv4)
        => header->NameLength < (isIPv4 ? NameRoomIPv4 : NameRoom)
            ? default
            : SocketAddressConversion.ToTransportAddress(
                isIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
                new ReadOnlySpan<byte>(header->Name, NameRoom));
}
