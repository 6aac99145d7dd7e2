using System;
using Stack.Stun;

namespace Stack.Signaling;

public sealed partial class SignalingCore
{
    /// <summary>A text message came. Ignored for connections that are being closed.</summary>
    /// <param name="connection">The socket.</param>
    /// <param name="utf8">
    /// The whole message. One of more than <see cref="SignalingLimits.MaxDescriptionSize"/> bytes closes the connection, so a caller need not collect more than one byte more.
    /// </param>
    /// <param name="now">The time.</param>
    /// <returns>How long the caller waits before it reads the next message of this connection; zero as long as the connection keeps within its rate.</returns>
    public TimeSpan HandleMessage(ConnectionId connection, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (!_connections.TryGetValue(connection, out Connection? known) || known.State == ConnectionState.Closing)
        {
            return TimeSpan.Zero;
        }

        known.LastHeard = now;
        TimeSpan wait = known.Rate.Take(now);
        if (known.Rate.Left(now) < -_limits.MessageBurst)
        {
            Close(known, SignalingCloseCode.TooManyMessages, "too many messages", now);
        }
        else if (known.State == ConnectionState.AwaitingId)
        {
            Postpone(known, utf8, now);
        }
        else
        {
            Read(known, utf8, now);
        }

        Settle(now);
        return wait;
    }

    /// <summary>Keeps a message until the connection has its number.</summary>
    internal void Postpone(Connection connection, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (connection.Early.Count >= _limits.MaxQueuedMessages || connection.EarlyBytes + utf8.Length > _limits.MaxQueuedBytes)
        {
            Close(connection, SignalingCloseCode.TooManyMessages, "too many messages", now);
            return;
        }

        connection.Early.Add(utf8.ToArray());
        connection.EarlyBytes += utf8.Length;
    }

    /// <summary>Passes on what one peer says to another.</summary>
    internal Delivery Say(Peer from, Peer? to, in Said said, Instant now)
    {
        if (to is null || to == from)
        {
            return Delivery.NoSuchPeer;
        }

        if (!IsExpected(from, to, said.Signal))
        {
            return Delivery.Unexpected;
        }

        if (said.Signal is VerbatimSignal && from.Dialect != to.Dialect)
        {
            return Delivery.Passed;
        }

        if (!from.Room.Rate.TryTake(1, now))
        {
            Close(from.Connection!, SignalingCloseCode.TooManyMessages, "the session has too many messages", now);
            return Delivery.Passed;
        }

        Remember(from, to, said);
        if (to.IsLocal)
        {
            Deliver(from, to, said, now);
        }
        else
        {
            _shared.Enqueue(new SharedSignal(Process, from.Room.Name, from.Id, to.Id, said.Signal, said.ConnectionId, said.ConnectionType));
        }

        return Delivery.Passed;
    }

    // VILLASnode knows no addresses, so it would take what is not from its partner for its partner's. Who speaks with its like may have several connections
    // at a time, and knows which answer belongs to what.
    private static bool IsExpected(Peer from, Peer to, PeerSignal signal)
    {
        bool alike = from.Dialect == to.Dialect;
        if (!alike && (from.Dialect == SignalingDialect.Villas || to.Dialect == SignalingDialect.Villas) && !from.Room.ArePair(from, to))
        {
            return false;
        }

        return (alike && from.Dialect != SignalingDialect.Own)
            || signal is not DescriptionSignal { Description.Type: DescriptionType.Answer or DescriptionType.PrAnswer }
            || to.Offered.Contains(from.Id);
    }

    private static void Remember(Peer from, Peer to, in Said said)
    {
        switch ((said.Signal as DescriptionSignal)?.Description.Type)
        {
            case DescriptionType.Offer:
                from.Offered.Add(to.Id);
                break;
            case DescriptionType.Answer:
                to.Offered.Remove(from.Id);
                break;
            case DescriptionType.Rollback:
                from.Offered.Remove(to.Id);
                break;
            default:
                break;
        }

        if (from.Dialect == SignalingDialect.PeerJs && to.Dialect != SignalingDialect.PeerJs && said.ConnectionId is { } connection)
        {
            from.Links[to.Id] = new PeerJsLink(connection, said.ConnectionType ?? "data");
        }
    }

    private void Deliver(Peer from, Peer to, in Said said, Instant now)
    {
        Said told = said;
        if (from.Dialect != to.Dialect && said.Signal is CandidateSignal { Candidate: { IsEnd: false, Mid: null, LineIndex: null } candidate } signal)
        {
            // A browser refuses a candidate that belongs to no media section.
            told = said with { Signal = signal with { Candidate = candidate with { Mid = "0" } } };
        }

        Send(to, PortOf(to.Dialect).Translate(from, to, told), now);
    }

    private void Read(Connection connection, ReadOnlySpan<byte> utf8, Instant now)
    {
        if (utf8.Length > _limits.MaxDescriptionSize)
        {
            Close(connection, SignalingCloseCode.TooLong, "the message is too long", now);
            return;
        }

        DialectPort port = PortOf(connection.Dialect);
        MessageKind kind = port.Parse(utf8, out object? message);
        switch (kind)
        {
            case MessageKind.Malformed:
                Close(connection, SignalingCloseCode.Malformed, "not a message of the dialect", now);
                return;
            case MessageKind.Description:
                _descriptions++;
                break;
            case MessageKind.Candidate:
                _candidates++;
                break;
            default:
                _others++;
                break;
        }

        if (kind != MessageKind.Description && utf8.Length > _limits.MaxMessageSize)
        {
            Close(connection, SignalingCloseCode.TooLong, "the message is too long", now);
        }
        else if (message is not null)
        {
            port.Handle(connection, message, utf8, now);
        }
    }
}
