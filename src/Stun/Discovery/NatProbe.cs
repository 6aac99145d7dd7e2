using System;

namespace Stack.Stun;

/// <summary>A Binding request of NAT behaviour discovery, from its wish to its end.</summary>
internal sealed class NatProbe
{
    public required string Test { get; init; }

    public required NatSocket Socket { get; init; }

    public required TransportAddress To { get; init; }

    /// <summary>Where the response must come from; the destination by default.</summary>
    public TransportAddress? ExpectedSource { get; init; }

    public ChangeRequestFlags? ChangeRequest { get; init; }

    /// <summary>The external port that the response is asked to go to, and the socket that it then arrives on.</summary>
    public int? ResponsePort { get; init; }

    public NatSocket? ArrivalSocket { get; init; }

    /// <summary>A schedule of its own; null for that of the options.</summary>
    public RetransmissionSchedule? Schedule { get; init; }

    /// <summary>Whether nobody waits for it any longer.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Called once, when the probe has ended.</summary>
    public required Action<NatProbe, Instant> Ended { get; init; }

    public RequestTransaction? Transaction { get; set; }

    public NatProbeOutcome Outcome { get; set; } = NatProbeOutcome.NoAnswer;

    public TransportAddress? Mapped { get; set; }

    /// <summary>The address in MAPPED-ADDRESS, where the response has XOR-MAPPED-ADDRESS too.</summary>
    public TransportAddress? MappedInTheClear { get; set; }

    /// <summary>OTHER-ADDRESS, or CHANGED-ADDRESS of a classic server.</summary>
    public TransportAddress? Other { get; set; }

    public StunErrorCode? ErrorCode { get; set; }

    public bool IsAnswered => Outcome == NatProbeOutcome.Answered;

    public NatEvidence ToEvidence() => new()
    {
        Test = Test,
        To = To,
        ChangeRequest = ChangeRequest,
        Mapped = Mapped,
        RoundTripTime = Transaction?.RoundTripTime,
        Attempts = Transaction?.Attempts ?? 0,
        Outcome = Outcome,
        ErrorCode = ErrorCode,
    };

    public void End(RequestTransaction transaction)
    {
        if (transaction.Outcome is TransactionOutcome.Success or TransactionOutcome.Error
            && StunMessage.Decode(transaction.Response.Span, out StunMessage response) == StunDecodeStatus.Ok)
        {
            ReadResponse(response);
            return;
        }

        Outcome = transaction switch
        {
            { UnexpectedSource.IsNone: false } => NatProbeOutcome.WrongSource,
            { Outcome: TransactionOutcome.Unreachable } => NatProbeOutcome.Unreachable,
            { Outcome: TransactionOutcome.NotUnderstood } => NatProbeOutcome.Unusable,
            _ => NatProbeOutcome.NoAnswer,
        };
    }

    private void ReadResponse(in StunMessage response)
    {
        if (response.Class == StunClass.ErrorResponse)
        {
            response.ReadErrorCode(out StunErrorCode code, out _);
            ErrorCode = code;
            Outcome = NatProbeOutcome.Refused;
            return;
        }

        bool xored = response.ReadXorMappedAddress(out TransportAddress mapped) == StunAttributeStatus.Present;
        bool clear = response.ReadMappedAddress(out TransportAddress inTheClear) == StunAttributeStatus.Present;
        if (!xored && !clear)
        {
            Outcome = NatProbeOutcome.Unusable;
            return;
        }

        Mapped = xored ? mapped : inTheClear;
        MappedInTheClear = xored && clear ? inTheClear : null;
        if (response.ReadOtherAddress(out TransportAddress other) == StunAttributeStatus.Present
            || response.ReadChangedAddress(out other) == StunAttributeStatus.Present)
        {
            Other = other;
        }

        Outcome = NatProbeOutcome.Answered;
    }
}
