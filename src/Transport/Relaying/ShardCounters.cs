using System;
using System.Threading;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What one loop has counted. Plain numbers that its thread alone writes, but for those of TCP relays; read from anywhere.</summary>
internal sealed class ShardCounters
{
    public static readonly int Dispositions = Enum.GetValues<TurnServerDisposition>().Length;
    public static readonly int Transports = Enum.GetValues<StunTransport>().Length;

    private readonly long[] _messages = new long[Dispositions * Transports];
    private readonly long[] _peerDatagrams = new long[Dispositions];
    private long _packetsToPeers;
    private long _bytesToPeers;
    private long _packetsToClients;
    private long _bytesToClients;
    private long _streamedToPeers;
    private long _streamedToClients;
    private long _sendFailures;
    private long _receiveFailures;
    private long _icmpErrors;
    private long _faults;
    private long _truncated;
    private long _overflowed;

    public long PacketsToPeers => Volatile.Read(ref _packetsToPeers);

    public long BytesToPeers => Volatile.Read(ref _bytesToPeers) + Volatile.Read(ref _streamedToPeers);

    public long PacketsToClients => Volatile.Read(ref _packetsToClients);

    public long BytesToClients => Volatile.Read(ref _bytesToClients) + Volatile.Read(ref _streamedToClients);

    public long SendFailures => Volatile.Read(ref _sendFailures);

    public long ReceiveFailures => Volatile.Read(ref _receiveFailures);

    public long IcmpErrors => Volatile.Read(ref _icmpErrors);

    public long Faults => Volatile.Read(ref _faults);

    public long Truncated => Volatile.Read(ref _truncated);

    public long Overflowed => Volatile.Read(ref _overflowed);

    public long GetMessages(int disposition, int transport) => Volatile.Read(ref _messages[(disposition * Transports) + transport]);

    public long GetPeerDatagrams(int disposition) => Volatile.Read(ref _peerDatagrams[disposition]);

    public void CountMessage(TurnServerDisposition disposition, StunTransport transport)
        => _messages[((int)disposition * Transports) + (int)transport]++;

    public void CountPeerDatagram(TurnServerDisposition disposition) => _peerDatagrams[(int)disposition]++;

    public void CountToPeers(int datagrams, long bytes)
    {
        _packetsToPeers += datagrams;
        _bytesToPeers += bytes;
    }

    public void CountToClients(int datagrams, long bytes)
    {
        _packetsToClients += datagrams;
        _bytesToClients += bytes;
    }

    public void CountStreamedToPeer(int bytes) => Interlocked.Add(ref _streamedToPeers, bytes);

    public void CountStreamedToClient(int bytes) => Interlocked.Add(ref _streamedToClients, bytes);

    public void CountSendFailures(int datagrams) => _sendFailures += datagrams;

    public void CountReceiveFailure() => _receiveFailures++;

    public void CountIcmp() => _icmpErrors++;

    public void CountFault() => Interlocked.Increment(ref _faults);

    public void CountTruncated(int datagrams) => _truncated += datagrams;

    public void CountOverflow() => _overflowed++;
}
