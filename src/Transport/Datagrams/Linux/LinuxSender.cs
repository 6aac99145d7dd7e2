using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Stack.Transport;

/// <summary>
/// Sends what sockets have queued by as few calls as there can be: datagrams of one size that follow each other to one destination as segments of one
/// message (UDP_SEGMENT), all messages of a socket by <c>sendmmsg</c>, and single messages of many sockets by a <see cref="LinuxRing"/>.
/// </summary>
internal sealed unsafe class LinuxSender : IDisposable
{
    private const int MaxMessages = 64;
    private const int MaxVectors = 1024;

    // Older kernels take no more segments (UDP_MAX_SEGMENTS); one message is no larger than one datagram.
    private const int MaxSegments = 64;
    private const int MaxBytesIPv4 = 65_507;
    private const int MaxBytesIPv6 = 65_487;

    // Below that the ring costs more than the calls that it saves.
    private const int RingFrom = 4;

    private const int NameSize = 32;
    private const int ControlSize = 2 * LinuxControl.IntegerSize;
    private const int Flags = LinuxCalls.MessageDontWait | LinuxCalls.MessageNoSignal;

    private readonly PinnedBuffer _memory = new((MaxMessages * (sizeof(LinuxBatchMessage) + NameSize + ControlSize)) + (MaxVectors * sizeof(LinuxVector)));
    private readonly LinuxBatchMessage* _messages;
    private readonly LinuxVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly int[] _first = new int[MaxMessages];
    private readonly LinuxDatagramPort[] _ports = new LinuxDatagramPort[MaxMessages];
    private readonly int[] _results = new int[MaxMessages];
    private readonly List<LinuxDatagramPort> _rest = [];
    private LinuxRing? _ring;
    private bool _hasTriedRing;
    private int _messageCount;
    private int _vectorCount;

    public LinuxSender()
    {
        _messages = (LinuxBatchMessage*)_memory.Address;
        _vectors = (LinuxVector*)(_messages + MaxMessages);
        _names = (byte*)(_vectors + MaxVectors);
        _controls = _names + (MaxMessages * NameSize);
    }

    /// <summary>Sends all that all sockets have queued. Always on the same thread.</summary>
    public void Send(DepartureQueue departures)
    {
        if (departures.Ports.Count < RingFrom || GetRing() is null)
        {
            foreach (DatagramPort port in departures.Ports)
            {
                Send((LinuxDatagramPort)port, departures);
            }

            return;
        }

        Clear();
        foreach (DatagramPort one in departures.Ports)
        {
            var port = (LinuxDatagramPort)one;
            if (_messageCount == MaxMessages || _vectorCount > MaxVectors - MaxSegments)
            {
                SendByRing(departures);
            }

            AddWhole(port, departures);
        }

        SendByRing(departures);

        // What is more than one message, and what the ring could not send: here it is seen why.
        foreach (LinuxDatagramPort port in _rest)
        {
            Send(port, departures);
        }

        _rest.Clear();
    }

    public void Dispose() => _ring?.Dispose();

    private LinuxRing? GetRing()
    {
        if (!_hasTriedRing)
        {
            _hasTriedRing = true;
            _ring = LinuxRing.TryCreate(MaxMessages);
        }

        return _ring;
    }

    private void Clear()
    {
        _messageCount = 0;
        _vectorCount = 0;
    }

    private void AddWhole(LinuxDatagramPort port, DepartureQueue departures)
    {
        int message = _messageCount;
        int vectors = _vectorCount;
        port.TrySetDontFragment(false);
        if (Add(port, departures, port.FirstDeparture) < 0)
        {
            _ports[message] = port;
        }
        else
        {
            _messageCount = message;
            _vectorCount = vectors;
            _rest.Add(port);
        }
    }

    private void SendByRing(DepartureQueue departures)
    {
        _results.AsSpan(0, _messageCount).Fill(-1);
        if (_messageCount != 0 && _ring is { } ring)
        {
            for (int message = 0; message < _messageCount; message++)
            {
                ring.Prepare(message, _ports[message].Descriptor, &_messages[message].Header, Flags);
            }

            if (!ring.Send(_messageCount, _results))
            {
                ring.Dispose();
                _ring = null;
            }
        }

        for (int message = 0; message < _messageCount; message++)
        {
            if (_results[message] < 0)
            {
                _rest.Add(_ports[message]);
            }
            else
            {
                Count(_ports[message], departures, message, 1);
            }
        }

        Clear();
    }

    private void Send(LinuxDatagramPort port, DepartureQueue departures)
    {
        port.TrySetDontFragment(false);
        for (int next = port.FirstDeparture; next >= 0;)
        {
            Clear();
            while (next >= 0 && _messageCount < MaxMessages && _vectorCount <= MaxVectors - MaxSegments)
            {
                next = Add(port, departures, next);
            }

            int again = SendBuilt(port, departures);
            next = again >= 0 ? again : next;
        }
    }

    // The address of a departure, and as many of those after it as may go as its segments.
    private int Add(LinuxDatagramPort port, DepartureQueue departures, int index)
    {
        ref readonly Departure first = ref departures[index];
        int message = _messageCount++;
        _first[message] = index;
        LinuxVector* vectors = _vectors + _vectorCount;
        int count = 0;
        int bytes = 0;
        int next = index;
        int most = first.Length < port.UnsegmentedFrom ? MaxSegments : 1;
        int maxBytes = port.IsIPv4 ? MaxBytesIPv4 : MaxBytesIPv6;
        while (true)
        {
            ref readonly Departure departure = ref departures[next];
            vectors[count].Address = departure.Buffer.Address + departure.Offset;
            vectors[count].Length = departure.Length;
            count++;
            bytes += departure.Length;
            next = departures.GetNext(next);

            // A shorter segment is the last one.
            if (next < 0
                || count == most
                || departure.Length < first.Length
                || !first.CanLead(departures[next])
                || bytes + departures[next].Length > maxBytes)
            {
                break;
            }
        }

        _vectorCount += count;
        WriteHeader(message, first, vectors, count, port.IsIPv4);
        return next;
    }

    private void WriteHeader(int message, in Departure first, LinuxVector* vectors, int count, bool isIPv4)
    {
        byte* name = _names + (message * NameSize);
        var bytes = new Span<byte>(name, NameSize);
        bytes.Clear();
        *(ushort*)name = (ushort)(isIPv4 ? LinuxCalls.FamilyIPv4 : LinuxCalls.FamilyIPv6);
        SocketAddressConversion.Write(first.Destination, bytes);
        byte* control = _controls + (message * ControlSize);
        byte* end = control;
        if (count > 1)
        {
            end = LinuxControl.Write(end, LinuxCalls.LevelUdp, LinuxCalls.UdpSegment, first.Length, sizeof(ushort));
        }

        if (first.TrafficClass != 0)
        {
            end = isIPv4
                ? LinuxControl.Write(end, LinuxCalls.LevelIP, LinuxCalls.TypeOfService, first.TrafficClass, sizeof(int))
                : LinuxControl.Write(end, LinuxCalls.LevelIPv6, LinuxCalls.TrafficClass, first.TrafficClass, sizeof(int));
        }

        ref LinuxMessageHeader header = ref _messages[message].Header;
        header.Name = name;
        header.NameLength = isIPv4 ? 16 : 28;
        header.Vectors = vectors;
        header.VectorCount = count;
        header.Control = end == control ? null : control;
        header.ControlLength = (nint)(end - control);
        header.Flags = 0;
    }

    // The departure to go on with in place of the one behind the last message; -1 for none.
    private int SendBuilt(LinuxDatagramPort port, DepartureQueue departures)
    {
        bool isRetry = false;
        for (int done = 0; done < _messageCount;)
        {
            int sent = LinuxCalls.SendMessages(port.Handle, _messages + done, _messageCount - done, Flags);
            if (sent > 0)
            {
                Count(port, departures, done, sent);
                done += sent;
                isRetry = false;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            int segments = (int)_messages[done].Header.VectorCount;
            ref readonly Departure first = ref departures[_first[done]];
            if (error == LinuxCalls.Interrupted)
            {
                continue;
            }

            if (error is LinuxCalls.Again or LinuxCalls.NoBuffers)
            {
                // No room: waiting for this socket would be waiting for all others of the loop.
                Drop(port, done, _messageCount - done);
                return -1;
            }

            if (!isRetry && port.ReportsIcmp)
            {
                // With ICMP errors kept, the system reports an earlier one in place of sending; it does so once.
                isRetry = true;
                continue;
            }

            if (segments > 1 && error is (LinuxCalls.InvalidArgument or LinuxCalls.MessageSize or LinuxCalls.InputOutput))
            {
                // The way there does not carry such segments: its packets are smaller, or the device cannot cut them. They go one by one from now on.
                port.UnsegmentedFrom = Math.Min(port.UnsegmentedFrom, first.Length);
                return _first[done];
            }

            port.NoteTooBig(error, first.Destination);
            Drop(port, done, 1);
            done++;
            isRetry = false;
        }

        return -1;
    }

    private void Count(LinuxDatagramPort port, DepartureQueue departures, int from, int messages)
    {
        int datagrams = 0;
        long bytes = 0;
        for (int message = from; message < from + messages; message++)
        {
            int index = _first[message];
            for (nint left = _messages[message].Header.VectorCount; left > 0; left--)
            {
                ref readonly Departure departure = ref departures[index];
                if (departure.Relayed != Departure.NotRelayed)
                {
                    datagrams++;
                    bytes += departure.Relayed;
                }

                index = departures.GetNext(index);
            }
        }

        if (datagrams != 0)
        {
            port.Owner.OnRelayed(datagrams, bytes);
        }
    }

    private void Drop(LinuxDatagramPort port, int from, int messages)
    {
        int datagrams = 0;
        for (int message = from; message < from + messages; message++)
        {
            datagrams += (int)_messages[message].Header.VectorCount;
        }

        port.Owner.OnUnsent(datagrams);
    }
}
