using System;

namespace Stack.Simulation;

/// <content>The segments: numbers, acknowledgments and retransmissions.</content>
public sealed partial class VirtualConnection
{
    private const int MaxSynAttempts = 5;
    private const int MaxAttempts = 10;
    private const int DuplicatesUntilResend = 3;

    private long _unacknowledgedFrom;
    private long _next;
    private long _expected;
    private long _timedEnd;
    private Stun.Instant? _timedAt;
    private int _duplicates;
    private bool _hasSyn;
    private bool _finSent;
    private bool _finReceived;

    /// <summary>Where the bytes end: behind the SYN, which has a number too.</summary>
    private long EndOfBytes => Math.Max(_unacknowledgedFrom, _first + 1) + _unacknowledged.Count;

    internal void Handle(Packet packet)
    {
        if (packet.Has(TcpFlags.Rst))
        {
            HandleReset(packet);
        }
        else if (State == ConnectionState.Connecting)
        {
            HandleHandshake(packet);
        }
        else if (packet.Has(TcpFlags.Syn))
        {
            // Our last segment of the handshake was lost.
            Acknowledge();
        }
        else
        {
            HandleEstablished(packet);
        }
    }

    private void HandleReset(Packet packet)
    {
        if (State != ConnectionState.Connecting)
        {
            End(_finReceived ? ConnectionEndReason.ClosedByPeer : ConnectionEndReason.Reset);
        }
        else if (_listener is not null || packet.Acknowledgment == _first + 1)
        {
            End(ConnectionEndReason.Refused);
        }
    }

    private void HandleHandshake(Packet packet)
    {
        bool acknowledges = packet.Has(TcpFlags.Ack) && packet.Acknowledgment > _first;
        if (packet.Has(TcpFlags.Syn))
        {
            _expected = packet.Sequence + 1;
            _hasSyn = true;
            if (!acknowledges)
            {
                // A SYN that crosses ours, or the same one again.
                SendSyn();
                return;
            }
        }
        else if (!_hasSyn || !acknowledges)
        {
            return;
        }

        Establish(packet);
    }

    private void Establish(Packet packet)
    {
        State = ConnectionState.Established;
        _unacknowledgedFrom = _first + 1;
        _next = _first + 1;
        if (_retransmission.Attempts == 0 && _timedAt is { } sent)
        {
            _retransmission.Measure(Host.Now - sent);
        }

        _timedAt = null;
        _retransmission.NoteProgress();
        _retransmission.Stop();
        if (packet.Has(TcpFlags.Syn))
        {
            Acknowledge();
        }

        SendWhatFits();
        if (_listener is null)
        {
            Established?.Invoke(this);
        }
        else
        {
            _listener.Accept(this);
        }

        if (State != ConnectionState.Closed && !packet.Has(TcpFlags.Syn))
        {
            HandleEstablished(packet);
        }
    }

    private void HandleEstablished(Packet packet)
    {
        if (packet.Has(TcpFlags.Ack))
        {
            HandleAcknowledgment(packet);
        }

        if (packet.Length == 0 && !packet.Has(TcpFlags.Fin))
        {
            FinishIfDone();
            return;
        }

        if (packet.Sequence > _expected)
        {
            _early.Add(packet.Sequence, packet.Payload);
            Acknowledge();
            return;
        }

        long end = packet.Sequence + packet.Length;
        ReadOnlySpan<byte> fresh = end > _expected ? packet.Payload[(int)(_expected - packet.Sequence)..] : default;
        _expected = Math.Max(_expected, end);
        bool finished = packet.Has(TcpFlags.Fin) && end == _expected && !_finReceived;
        if (finished)
        {
            _finReceived = true;
            _expected++;
        }

        Deliver(fresh);
        while (State != ConnectionState.Closed && _early.TryTake(_expected, out ReadOnlyMemory<byte> waiting))
        {
            _expected += waiting.Length;
            Deliver(waiting.Span);
        }

        if (State == ConnectionState.Closed)
        {
            return;
        }

        Acknowledge();
        if (finished && State == ConnectionState.Established)
        {
            State = ConnectionState.Closing;
            SendWhatFits();
            Ended?.Invoke(this, ConnectionEndReason.ClosedByPeer);
        }

        FinishIfDone();
    }

    private void HandleAcknowledgment(Packet packet)
    {
        if (packet.Acknowledgment > _unacknowledgedFrom)
        {
            long acknowledged = packet.Acknowledgment - _unacknowledgedFrom;
            _unacknowledged.Remove((int)Math.Min(acknowledged, _unacknowledged.Count));
            _unacknowledgedFrom = packet.Acknowledgment;
            _duplicates = 0;
            if (_timedAt is { } sent && packet.Acknowledgment >= _timedEnd)
            {
                _retransmission.Measure(Host.Now - sent);
                _timedAt = null;
            }

            _retransmission.NoteProgress();
            _next = Math.Max(_next, _unacknowledgedFrom);
            if (_next == _unacknowledgedFrom)
            {
                _retransmission.Stop();
            }
            else
            {
                _retransmission.Start(Host.Now);
            }

            SendWhatFits();
        }
        else if (packet.Length == 0 && packet.Acknowledgment == _unacknowledgedFrom && _next > _unacknowledgedFrom && ++_duplicates == DuplicatesUntilResend)
        {
            SendFrom(_unacknowledgedFrom);
            _timedAt = null;
        }
    }

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || State != ConnectionState.Established)
        {
            return;
        }

        if (_received is null)
        {
            if (_unread.Count + bytes.Length <= MaxUnsent)
            {
                _unread.Append(bytes);
            }
        }
        else
        {
            _received(this, bytes);
        }
    }

    private void SendWhatFits()
    {
        if (State is not (ConnectionState.Established or ConnectionState.Closing))
        {
            return;
        }

        bool wasIdle = _next == _unacknowledgedFrom;
        while (_next < EndOfBytes && _next - _unacknowledgedFrom < Window)
        {
            _next = SendFrom(_next);
            if (_timedAt is null)
            {
                _timedAt = Host.Now;
                _timedEnd = _next;
            }
        }

        if (State == ConnectionState.Closing && !_finSent && _next == EndOfBytes)
        {
            _finSent = true;
            _next = SendFrom(_next);
        }

        if (_next > _unacknowledgedFrom && (wasIdle || _clock.Due is null))
        {
            _retransmission.Start(Host.Now);
        }
    }

    /// <returns>The number behind what was sent.</returns>
    private long SendFrom(long sequence)
    {
        int offset = (int)(sequence - _unacknowledgedFrom);
        int length = Math.Min(MaxSegment, _unacknowledged.Count - offset);
        if (length > 0)
        {
            Host.SendSegment(Local, Remote, TcpFlags.Ack, sequence, _expected, _unacknowledged.Slice(offset, length));
            return sequence + length;
        }

        Host.SendSegment(Local, Remote, TcpFlags.Fin | TcpFlags.Ack, sequence, _expected);
        return sequence + 1;
    }

    private void SendSyn()
    {
        TcpFlags flags = _hasSyn ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Syn;
        Host.SendSegment(Local, Remote, flags, _first, _expected);
    }

    private void Acknowledge() => Host.SendSegment(Local, Remote, TcpFlags.Ack, _next, _expected);

    private void FinishIfDone()
    {
        if (_finSent && _finReceived && _unacknowledgedFrom == _next && State != ConnectionState.Closed)
        {
            Forget();
        }
    }

    private void OnTimeout()
    {
        bool connecting = State == ConnectionState.Connecting;
        if (_retransmission.Attempts >= (connecting ? MaxSynAttempts : MaxAttempts))
        {
            End(ConnectionEndReason.TimedOut);
            return;
        }

        _timedAt = null;
        if (connecting)
        {
            SendSyn();
        }
        else if (_next > _unacknowledgedFrom)
        {
            SendFrom(_unacknowledgedFrom);
        }

        _retransmission.BackOff(Host.Now);
    }
}
