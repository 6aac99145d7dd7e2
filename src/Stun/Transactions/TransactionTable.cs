using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Stun;

/// <summary>
/// The transactions in progress on one socket (RFC 8489 section 6.2): matches responses by transaction id, method <em>and</em> source, sends
/// requests again on schedule, and keeps the round-trip estimate of each server. Bounded by <see cref="Capacity"/>.
/// </summary>
/// <remarks>
/// <para>The members are of four kinds. Inputs: <see cref="HandleDatagram"/>, <see cref="HandleUnreachable"/>,
/// <see cref="HandleConnectionLost"/>, <see cref="HandleTimeout"/>; they never throw on a peer's bytes. Commands: <see cref="TryStart"/>,
/// <see cref="Cancel"/>. Outputs: <see cref="TryReadTransmit"/>, <see cref="TryReadCompleted"/>, <see cref="NextTimeout"/>. The rest are
/// queries.</para>
/// <para>After each input or command: read all transmits, then all completed transactions, then <see cref="NextTimeout"/>. <c>now</c> never
/// goes back. Not safe for concurrent use: one loop owns it.</para>
/// </remarks>
public sealed class TransactionTable
{
    /// <summary>How many transactions can be in progress by default; RFC 8489 section 6.2 asks for ten per server.</summary>
    public const int DefaultCapacity = 64;

    private static readonly StunAttributeType[] UnderstoodInResponses =
    [
        StunAttributeType.MappedAddress,
        StunAttributeType.ResponseAddress,
        StunAttributeType.ChangeRequest,
        StunAttributeType.SourceAddress,
        StunAttributeType.ChangedAddress,
        StunAttributeType.Username,
        StunAttributeType.Password,
        StunAttributeType.MessageIntegrity,
        StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes,
        StunAttributeType.ReflectedFrom,
        StunAttributeType.Realm,
        StunAttributeType.Nonce,
        StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm,
        StunAttributeType.Userhash,
        StunAttributeType.XorMappedAddress,
        StunAttributeType.Padding,
        StunAttributeType.ResponsePort,
    ];

    private readonly Dictionary<TransactionId, RequestTransaction> _transactions = [];
    private readonly Queue<RequestTransaction> _completed = new();
    private readonly List<RequestTransaction> _scratch = [];
    private readonly RetransmissionSchedule _schedule;
    private readonly RoundTripCache _roundTrips;
    private readonly StunAttributeType[] _understood;

    /// <summary>Starts empty.</summary>
    /// <param name="schedule">The schedule of all transactions.</param>
    /// <param name="roundTrips">The estimates, which several tables of one loop may share; null for the table's own.</param>
    /// <param name="capacity">How many transactions can be in progress; at least 1.</param>
    /// <param name="understood">
    /// The comprehension-required attributes that the usage expects in responses, besides those of RFC 8489, 5780 and 3489.
    /// </param>
    public TransactionTable(
        RetransmissionSchedule? schedule = null,
        RoundTripCache? roundTrips = null,
        int capacity = DefaultCapacity,
        ReadOnlySpan<StunAttributeType> understood = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _schedule = schedule ?? RetransmissionSchedule.Default;
        _roundTrips = roundTrips ?? new RoundTripCache();
        Capacity = capacity;
        _understood = [.. UnderstoodInResponses, .. understood];
    }

    /// <summary>How many transactions can be in progress.</summary>
    public int Capacity { get; }

    /// <summary>How many are in progress.</summary>
    public int Count => _transactions.Count;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; null where nothing is waited for.</summary>
    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (RequestTransaction transaction in _transactions.Values)
            {
                if (!transaction.TransmitPending && (next is null || transaction.NextTimeout < next))
                {
                    next = transaction.NextTimeout;
                }
            }

            return next;
        }
    }

    /// <summary>Starts a transaction; its request is the next transmit.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="transaction">The transaction.</param>
    /// <returns>False where <see cref="Capacity"/> is reached.</returns>
    /// <exception cref="ArgumentException">The message is not a request, or its transaction id is in use.</exception>
    public bool TryStart(scoped in TransactionRequest request, Instant now, [NotNullWhen(true)] out RequestTransaction? transaction)
    {
        if (StunMessage.Decode(request.Message, out StunMessage message) != StunDecodeStatus.Ok || message.Class != StunClass.Request)
        {
            throw new ArgumentException("The message is not a well-formed request.", nameof(request));
        }

        transaction = null;
        if (_transactions.Count >= Capacity)
        {
            return false;
        }

        RetransmissionSchedule schedule = request.Schedule ?? _schedule;
        TimeSpan rto = _roundTrips.GetRto(request.Destination, schedule, now);
        var started = new RequestTransaction(request, message.TransactionId, message.Method, schedule, rto);
        if (!_transactions.TryAdd(started.Id, started))
        {
            throw new ArgumentException("The transaction id is in use.", nameof(request));
        }

        transaction = started;
        return true;
    }

    /// <summary>Ends a transaction without waiting any longer. It is not reported.</summary>
    /// <param name="transaction">A transaction of this table; ended ones are left alone.</param>
    /// <param name="now">The time.</param>
    public void Cancel(RequestTransaction transaction, Instant now)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (_transactions.Remove(transaction.Id))
        {
            transaction.Complete(TransactionOutcome.Cancelled, now);
        }
    }

    /// <summary>Takes a datagram, or a message that a framer has cut out of a stream.</summary>
    /// <param name="datagram">Exactly the bytes received.</param>
    /// <param name="source">Where they came from.</param>
    /// <param name="now">When they came.</param>
    /// <returns>What became of them.</returns>
    public DatagramDisposition HandleDatagram(ReadOnlySpan<byte> datagram, TransportAddress source, Instant now)
    {
        if (StunMessage.Decode(datagram, out StunMessage message) != StunDecodeStatus.Ok)
        {
            return DatagramDisposition.Malformed;
        }

        if (message.Class is StunClass.Request or StunClass.Indication)
        {
            return DatagramDisposition.NotAResponse;
        }

        if (message.HasFingerprint && !Fingerprint.Verify(message))
        {
            return DatagramDisposition.WrongFingerprint;
        }

        if (!_transactions.TryGetValue(message.TransactionId, out RequestTransaction? transaction)
            || transaction.Attempts == 0
            || transaction.Method != message.Method)
        {
            return DatagramDisposition.UnknownTransaction;
        }

        if (transaction.ExpectedSource != source)
        {
            transaction.NoteUnexpectedSource(source);
            return DatagramDisposition.WrongSource;
        }

        DatagramDisposition disposition = transaction.HandleResponse(message, _understood, now);
        Settle(transaction, now);
        return disposition;
    }

    /// <summary>Takes an ICMP error, or the refusal of the operating system to send. It ends a transaction only after its last request.</summary>
    /// <param name="destination">Whom it is about.</param>
    /// <param name="now">When it came.</param>
    public void HandleUnreachable(TransportAddress destination, Instant now)
    {
        foreach (RequestTransaction transaction in Snapshot())
        {
            if (transaction.Destination == destination)
            {
                transaction.HandleUnreachable(now);
                Settle(transaction, now);
            }
        }
    }

    /// <summary>Takes the end of the connection, which ends all transactions (RFC 8489 section 6.2.2).</summary>
    /// <param name="now">When it came.</param>
    public void HandleConnectionLost(Instant now)
    {
        foreach (RequestTransaction transaction in Snapshot())
        {
            transaction.Complete(TransactionOutcome.ConnectionLost, now);
            Settle(transaction, now);
        }
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time.</param>
    public void HandleTimeout(Instant now)
    {
        foreach (RequestTransaction transaction in Snapshot())
        {
            transaction.HandleTimeout(now);
            Settle(transaction, now);
        }
    }

    /// <summary>Reads the next request to send.</summary>
    /// <param name="buffer">Where it goes; as large as the largest request.</param>
    /// <param name="now">The time, from which the retransmission is counted.</param>
    /// <param name="transmit">Its destination and length.</param>
    /// <returns>False where there is nothing to send.</returns>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public bool TryReadTransmit(Span<byte> buffer, Instant now, out StunTransmit transmit)
    {
        foreach (RequestTransaction transaction in _transactions.Values)
        {
            if (transaction.TransmitPending)
            {
                transaction.Request.CopyTo(buffer);
                transaction.Sent(now);
                transmit = new StunTransmit(transaction.Destination, transaction.Request.Length);
                return true;
            }
        }

        transmit = default;
        return false;
    }

    /// <summary>Reads the next transaction that has ended.</summary>
    /// <param name="transaction">The transaction.</param>
    public bool TryReadCompleted([NotNullWhen(true)] out RequestTransaction? transaction) => _completed.TryDequeue(out transaction);

    private void Settle(RequestTransaction transaction, Instant now)
    {
        if (!transaction.IsCompleted || !_transactions.Remove(transaction.Id))
        {
            return;
        }

        if (!transaction.Response.IsEmpty)
        {
            _roundTrips.Complete(transaction.Destination, transaction.RoundTripTime, now);
        }

        _completed.Enqueue(transaction);
    }

    private List<RequestTransaction> Snapshot()
    {
        _scratch.Clear();
        _scratch.AddRange(_transactions.Values);
        return _scratch;
    }
}
