using System;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>
/// A TCP connection: a handshake of one round trip, reliable and ordered bytes, retransmissions that turn loss into delay, resets. Its segments are
/// packets like all others: they pass the same links, NATs and firewalls. Without congestion control, and without half-open connections: where
/// the peer closes, this side does too.
/// </summary>
public sealed partial class VirtualConnection : IDisposable
{
    private const int MaxSegment = 1220;
    private const int Window = 64 * 1024;
    private const int MaxUnsent = 1024 * 1024;

    private readonly VirtualListener? _listener;
    private readonly VirtualTimer _clock;
    private readonly RetransmissionTimer _retransmission;
    private readonly SendBuffer _unacknowledged = new();
    private readonly ReceiveBuffer _early = new();
    private readonly SendBuffer _unread = new();
    private readonly long _first;
    private StreamHandler? _received;

    internal VirtualConnection(VirtualHost host, TransportAddress local, TransportAddress remote, VirtualListener? listener = null)
    {
        Host = host;
        Local = local;
        Remote = remote;
        _listener = listener;
        _clock = host.CreateTimer(OnTimeout);
        _retransmission = new RetransmissionTimer(_clock);
        _first = host.Random.Next(int.MaxValue);
        _unacknowledgedFrom = _first;
        _next = _first;
    }

    /// <summary>The host.</summary>
    public VirtualHost Host { get; }

    /// <summary>This end.</summary>
    public TransportAddress Local { get; }

    /// <summary>The other end, as this one sees it.</summary>
    public TransportAddress Remote { get; }

    /// <summary>How far it is.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>The smoothed round-trip time; null before the first measurement.</summary>
    public TimeSpan? RoundTripTime => _retransmission.RoundTripTime;

    /// <summary>How many bytes wait to be acknowledged.</summary>
    public int Pending => _unacknowledged.Count;

    /// <summary>Called when a connection that was opened from here stands.</summary>
    public Action<VirtualConnection>? Established { get; set; }

    /// <summary>Called once when the connection ends from outside; not after <see cref="Close"/> or <see cref="Abort"/>.</summary>
    public Action<VirtualConnection, ConnectionEndReason>? Ended { get; set; }

    /// <summary>Takes what comes; what came before it was set waits for it. It gets that within the setter.</summary>
    public StreamHandler? Received
    {
        get => _received;
        set
        {
            _received = value;
            if (value is not null && _unread.Count != 0)
            {
                byte[] waiting = _unread.Slice(0, _unread.Count).ToArray();
                _unread.Remove(waiting.Length);
                value(this, waiting);
            }
        }
    }

    /// <summary>Sends bytes; those that come before the handshake is over wait for it.</summary>
    /// <param name="bytes">The bytes; copied.</param>
    /// <returns>False where the connection is closed, or a megabyte waits already; nothing is taken then.</returns>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (State is ConnectionState.Closing or ConnectionState.Closed || _unacknowledged.Count + bytes.Length > MaxUnsent)
        {
            return false;
        }

        _unacknowledged.Append(bytes);
        if (State == ConnectionState.Established)
        {
            SendWhatFits();
        }

        return true;
    }

    /// <summary>Ends the stream behind what has been sent; what still comes is dropped.</summary>
    public void Close()
    {
        switch (State)
        {
            case ConnectionState.Connecting:
                Abort();
                break;
            case ConnectionState.Established:
                State = ConnectionState.Closing;
                SendWhatFits();
                break;
        }
    }

    /// <summary>Ends the connection at once; the peer gets a reset.</summary>
    public void Abort()
    {
        if (State != ConnectionState.Closed)
        {
            Host.SendSegment(Local, Remote, TcpFlags.Rst | TcpFlags.Ack, _next, _expected);
            Forget();
        }
    }

    /// <summary>The same as <see cref="Abort"/>.</summary>
    public void Dispose() => Abort();

    /// <summary>Both ends, and the state.</summary>
    public override string ToString() => $"{Local} - {Remote}, {State}";

    internal void Open()
    {
        _timedAt = Host.Now;
        SendSyn();
        _retransmission.Start(Host.Now);
    }

    internal void OpenPassively(long sequence)
    {
        _listener!.NoteStarted();
        _expected = sequence + 1;
        _hasSyn = true;
        Open();
    }

    /// <summary>An ICMP error: fatal only while nothing has come back.</summary>
    internal void HandleError()
    {
        if (State == ConnectionState.Connecting && !_hasSyn)
        {
            End(ConnectionEndReason.Unreachable);
        }
    }

    private void Forget()
    {
        if (State == ConnectionState.Connecting && _hasSyn)
        {
            _listener?.NoteFailed();
        }

        State = ConnectionState.Closed;
        _clock.Dispose();
        Host.Forget(this);
    }

    private void End(ConnectionEndReason reason)
    {
        bool reports = State != ConnectionState.Closing && (State == ConnectionState.Established || _listener is null);
        Forget();
        if (reports)
        {
            Ended?.Invoke(this, reason);
        }
    }
}
