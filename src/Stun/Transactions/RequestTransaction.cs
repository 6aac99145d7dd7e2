using System;

namespace Stack.Stun;

/// <summary>
/// One request and the wait for its response (RFC 8489 section 6.2): sends and sends again on schedule, and ends with an
/// <see cref="Outcome"/>. Made and driven by <see cref="TransactionTable"/>.
/// </summary>
public sealed class RequestTransaction
{
    private readonly byte[] _request;
    private readonly RetransmissionSchedule _schedule;
    private readonly bool _reliable;
    private Instant _firstSent;
    private bool _transmitPending = true;
    private bool _isLast;
    private bool _unreachable;
    private bool _integrityViolated;

    internal RequestTransaction(TransactionRequest request, TransactionId id, StunMethod method, RetransmissionSchedule schedule, TimeSpan rto)
    {
        _request = request.Message.ToArray();
        _schedule = schedule;
        _reliable = request.Reliable;
        Id = id;
        Method = method;
        Destination = request.Destination;
        ExpectedSource = request.ExpectedSource ?? request.Destination;
        Credential = request.Credential;
        Tag = request.Tag;
        Rto = rto;
    }

    /// <summary>The transaction id.</summary>
    public TransactionId Id { get; }

    /// <summary>The method of the request.</summary>
    public StunMethod Method { get; }

    /// <summary>Where the request goes.</summary>
    public TransportAddress Destination { get; }

    /// <summary>Where the response must come from.</summary>
    public TransportAddress ExpectedSource { get; }

    /// <summary>What the caller attached.</summary>
    public object? Tag { get; }

    /// <summary>The RTO that the transaction started with.</summary>
    public TimeSpan Rto { get; }

    /// <summary>How often the request has been sent.</summary>
    public int Attempts { get; private set; }

    /// <summary>How the transaction has ended.</summary>
    public TransactionOutcome Outcome { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsCompleted => Outcome != TransactionOutcome.Pending;

    /// <summary>The time from the first transmission to the end.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>
    /// The round-trip time; null without a response, and where the request was sent more than once, since then nobody can tell which
    /// transmission was answered (Karn's algorithm).
    /// </summary>
    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>The response of an ended transaction; empty without one.</summary>
    public ReadOnlyMemory<byte> Response { get; private set; }

    /// <summary>Where a response with the right id came from that was not <see cref="ExpectedSource"/>; the first one counts.</summary>
    public TransportAddress UnexpectedSource { get; private set; }

    /// <summary>The request as it is sent.</summary>
    public ReadOnlySpan<byte> Request => _request;

    internal IClientCredential? Credential { get; }

    internal Instant NextTimeout { get; private set; }

    internal bool TransmitPending => _transmitPending && !IsCompleted;

    internal void Sent(Instant now)
    {
        _transmitPending = false;
        if (Attempts++ == 0)
        {
            _firstSent = now;
        }

        NextTimeout = now + (_reliable ? _schedule.ReliableTimeout : _schedule.GetWait(Attempts, Rto));
        _isLast = Attempts >= _schedule.MaxRequests;
        if (_schedule.Limit is { } limit && NextTimeout >= _firstSent + limit)
        {
            NextTimeout = _firstSent + limit;
            _isLast = true;
        }
    }

    internal void HandleTimeout(Instant now)
    {
        if (_transmitPending || now < NextTimeout)
        {
            return;
        }

        if (!_reliable && !_isLast)
        {
            _transmitPending = true;
            return;
        }

        Complete(FailureWithoutResponse(), now);
    }

    /// <summary>An ICMP error is not believed until nothing else can come: it may be forged, or concern one path of several.</summary>
    internal void HandleUnreachable(Instant now)
    {
        _unreachable = true;
        if (_isLast)
        {
            Complete(FailureWithoutResponse(), now);
        }
    }

    internal DatagramDisposition HandleResponse(in StunMessage response, ReadOnlySpan<StunAttributeType> understood, Instant now)
    {
        switch (Credential?.Judge(response) ?? ResponseVerdict.Accept)
        {
            case ResponseVerdict.Ignore:
                return DatagramDisposition.Ignored;
            case ResponseVerdict.IntegrityViolated when _reliable:
                Complete(TransactionOutcome.IntegrityViolated, now);
                return DatagramDisposition.Completed;
            case ResponseVerdict.IntegrityViolated:
                _integrityViolated = true;
                return DatagramDisposition.Ignored;
        }

        Span<StunAttributeType> unknown = stackalloc StunAttributeType[1];
        bool hasErrorCode = response.ReadErrorCode(out _, out _) == StunAttributeStatus.Present;
        TransactionOutcome outcome = response.Class switch
        {
            _ when response.CollectUnknownAttributes(understood, unknown) != 0 => TransactionOutcome.NotUnderstood,
            StunClass.SuccessResponse => TransactionOutcome.Success,
            _ => hasErrorCode ? TransactionOutcome.Error : TransactionOutcome.NotUnderstood,
        };
        Response = response.Bytes.ToArray();
        if (Attempts == 1)
        {
            RoundTripTime = now - _firstSent;
        }

        Complete(outcome, now);
        return DatagramDisposition.Completed;
    }

    internal void NoteUnexpectedSource(TransportAddress source)
    {
        if (UnexpectedSource.IsNone)
        {
            UnexpectedSource = source;
        }
    }

    internal void Complete(TransactionOutcome outcome, Instant now)
    {
        Outcome = outcome;
        Elapsed = Attempts == 0 ? TimeSpan.Zero : now - _firstSent;
    }

    private TransactionOutcome FailureWithoutResponse() => _integrityViolated
        ? TransactionOutcome.IntegrityViolated
        : _unreachable ? TransactionOutcome.Unreachable : TransactionOutcome.TimedOut;
}
