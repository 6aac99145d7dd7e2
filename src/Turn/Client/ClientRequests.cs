using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// The requests of one 5-tuple: adds the credential, answers challenges by asking anew, and reports each request once, when it has come to an end.
/// </summary>
internal sealed class ClientRequests : IDisposable
{
    /// <summary>RFC 8489 section 6.2: a client should limit itself to ten outstanding transactions to the same server.</summary>
    public const int MaxInFlight = 10;

    /// <summary>Sixteen IPv6 peers, and user name, realm, nonce and algorithms of the greatest length.</summary>
    public const int MaxRequestSize = 4096;

    /// <summary>
    /// The least size of a request without a credential. A server in strict mode answers strangers with no more bytes than they sent, and a
    /// challenge must fit.
    /// </summary>
    public const int MinBareSize = 100;

    private const int MaxChallenges = 8;
    private const int AttributeHeaderSize = 4;

    private static readonly StunAttributeType[] UnderstoodInResponses =
    [
        StunAttributeType.ChannelNumber,
        StunAttributeType.Lifetime,
        StunAttributeType.XorPeerAddress,
        StunAttributeType.Data,
        StunAttributeType.XorRelayedAddress,
        StunAttributeType.RequestedAddressFamily,
        StunAttributeType.EvenPort,
        StunAttributeType.RequestedTransport,
        StunAttributeType.DontFragment,
        StunAttributeType.ReservationToken,
        StunAttributeType.ConnectionId,
    ];

    private readonly TransactionTable _table;
    private readonly LongTermClient? _credential;
    private readonly TransportAddress _server;
    private readonly bool _reliable;
    private readonly RandomNumberGenerator _random;
    private readonly HashSet<RequestTransaction> _inFlight = [];
    private readonly byte[] _buffer = new byte[MaxRequestSize];

    /// <param name="server">The server.</param>
    /// <param name="credential">The credential mechanism, from now on this object's; null for none.</param>
    /// <param name="reliable">Whether the transport is a stream.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="random">Where transaction ids come from.</param>
    public ClientRequests(TransportAddress server, LongTermClient? credential, bool reliable, RetransmissionSchedule schedule, RandomNumberGenerator random)
    {
        _server = server;
        _reliable = reliable;
        _random = random;
        _credential = credential;
        _table = new TransactionTable(schedule, understood: UnderstoodInResponses);
    }

    public LongTermClient? ForkCredential() => _credential?.Fork();

    public bool HasRoom => _inFlight.Count < MaxInFlight;

    public Instant? NextTimeout => _table.NextTimeout;

    public void Start(ClientRequest request, Instant now)
    {
        var writer = new StunMessageWriter(_buffer, new StunMessageType(request.Method, StunClass.Request), TransactionId.Create(_random));
        request.Write(ref writer);
        if (_credential is { IsChallenged: true })
        {
            _credential.AddTo(ref writer);
        }
        else
        {
            Pad(ref writer);
        }

        var description = new TransactionRequest
        {
            Message = writer.Written,
            Destination = _server,
            Credential = _credential,
            Reliable = _reliable,
            Schedule = request.Schedule,
            Tag = request,
        };
        if (_table.TryStart(description, now, out RequestTransaction? transaction))
        {
            _inFlight.Add(transaction);
        }
    }

    public DatagramDisposition HandleResponse(ReadOnlySpan<byte> message, Instant now) => _table.HandleDatagram(message, _server, now);

    public void HandleTimeout(Instant now) => _table.HandleTimeout(now);

    public void HandleUnreachable(Instant now) => _table.HandleUnreachable(_server, now);

    public void HandleConnectionLost(Instant now) => _table.HandleConnectionLost(now);

    public bool TryReadTransmit(Span<byte> buffer, Instant now, out StunTransmit transmit) => _table.TryReadTransmit(buffer, now, out transmit);

    /// <summary>Reads the next request that has come to an end; its failure is null where it succeeded.</summary>
    public bool TryReadCompleted(
        Instant now,
        [NotNullWhen(true)] out ClientRequest? request,
        [NotNullWhen(true)] out RequestTransaction? transaction,
        out RequestFailure? failure)
    {
        while (_table.TryReadCompleted(out transaction))
        {
            _inFlight.Remove(transaction);
            request = (ClientRequest)transaction.Tag!;
            failure = transaction.Outcome switch
            {
                TransactionOutcome.Success => null,
                TransactionOutcome.Error => ReadError(request, transaction, now),
                _ => new RequestFailure(RequestFailureReason.NoResponse, transaction),
            };
            if (failure is not { Challenge: ChallengeDecision.Retry })
            {
                return true;
            }
        }

        request = null;
        failure = null;
        return false;
    }

    /// <summary>Gives up what is in flight; it is not reported.</summary>
    public void CancelAll(Instant now)
    {
        foreach (RequestTransaction transaction in _inFlight)
        {
            _table.Cancel(transaction, now);
        }

        _inFlight.Clear();
        while (_table.TryReadCompleted(out _))
        {
            // It ended in the same step.
        }
    }

    public void Dispose() => _credential?.Dispose();

    private static void Pad(ref StunMessageWriter writer)
    {
        int missing = MinBareSize - writer.Length - AttributeHeaderSize;
        if (missing > 0)
        {
            Span<byte> software = stackalloc byte[missing];
            software.Fill((byte)' ');
            "Stack"u8.CopyTo(software);
            writer.AddSoftware(software);
        }
    }

    private RequestFailure ReadError(ClientRequest request, RequestTransaction transaction, Instant now)
    {
        StunMessage.Decode(transaction.Response.Span, out StunMessage response);
        response.ReadErrorCode(out StunErrorCode code, out _);
        ChallengeDecision decision = _credential?.HandleError(response, transaction.Request) ?? ChallengeDecision.NotAChallenge;
        if (decision == ChallengeDecision.Retry && request.Challenges++ < MaxChallenges)
        {
            Start(request, now);
            return new RequestFailure(RequestFailureReason.NotAuthenticated, transaction) { Code = code, Challenge = decision };
        }

        if (decision != ChallengeDecision.NotAChallenge || code == StunErrorCode.Unauthenticated)
        {
            decision = decision == ChallengeDecision.Retry ? ChallengeDecision.Refused : decision;
            return new RequestFailure(RequestFailureReason.NotAuthenticated, transaction) { Code = code, Challenge = decision };
        }

        var failure = new RequestFailure(RequestFailureReason.ErrorResponse, transaction) { Code = code };
        return _credential?.TryVerify(response, out VerifiedStunMessage verified) == true
            && TryAlternate.TryRead(verified, _server, out TransportAddress alternate, out string? domain)
                ? failure with { Alternate = alternate, AlternateDomain = domain }
                : failure;
    }
}
