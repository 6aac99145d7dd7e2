using System.Net;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>The one place that turns what went wrong with a relay into a sentence and a hint.</summary>
internal static class TurnFailures
{
    public static TurnException From(StunException error) => new(
        error.Failure switch
        {
            StunFailure.NoAnswer => TurnFailure.NoAnswer,
            StunFailure.Unreachable => TurnFailure.Unreachable,
            StunFailure.NameResolution => TurnFailure.NameResolution,
            StunFailure.ConnectionFailed => TurnFailure.ConnectionFailed,
            StunFailure.ConnectionLost => TurnFailure.ConnectionLost,
            StunFailure.TlsFailed => TurnFailure.TlsFailed,
            StunFailure.AuthenticationFailed => TurnFailure.AuthenticationFailed,
            StunFailure.IntegrityViolated => TurnFailure.IntegrityViolated,
            StunFailure.LocalAddress => TurnFailure.LocalAddress,
            StunFailure.ForbiddenPort => TurnFailure.ForbiddenPort,
            StunFailure.ErrorResponse => TurnFailure.ErrorResponse,
            _ => TurnFailure.BadAnswer,
        },
        error.Message,
        error.Hint,
        error.InnerException)
    {
        ErrorCode = error.ErrorCode,
    };

    /// <summary>Describes a request that failed.</summary>
    /// <param name="failure">How.</param>
    /// <param name="what">What it was for, such as <c>an allocation</c>.</param>
    /// <param name="server">The server.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="hasCredential">Whether there was a credential.</param>
    public static TurnException From(RequestFailure failure, string what, IPEndPoint server, StunTransport transport, bool hasCredential) => failure.Reason switch
    {
        RequestFailureReason.NoResponse => From(StunFailures.FromTransaction(failure.Transaction, transport)),
        RequestFailureReason.NotAuthenticated
            => From(StunFailures.FromChallenge(failure.Challenge, failure.Code ?? StunErrorCode.Unauthenticated, server, hasCredential)),
        RequestFailureReason.WrongFamily => new TurnException(
            TurnFailure.BadAnswer,
            $"{server} allocated an address of a family that was not asked for; it was given back.",
            "The server does not follow RFC 8656 section 7; ask for the other family, or for none."),
        RequestFailureReason.IncompleteSuccess => new TurnException(
            TurnFailure.BadAnswer,
            $"{server} granted {what} and left out what belongs to it: a relayed address, a lifetime or a connection id.",
            "It may not be a TURN server, or does not follow RFC 8656."),
        _ => FromCode(failure.Code ?? StunErrorCode.ServerError, what, server),
    };

    public static TurnException Lost(AllocationLossReason reason, IPEndPoint server)
    {
        (string why, string hint) = reason switch
        {
            AllocationLossReason.Expired => ("it expired, since no refresh was confirmed in time", "The network or this machine slept too long"),
            AllocationLossReason.UnknownToServer => ("the server does not know it any more", "It has been restarted, perhaps"),
            AllocationLossReason.ConnectionLost => ("the connection to the server has ended", "The server or something on the way has closed it"),
            AllocationLossReason.ChannelOutOfStep => ("client and server disagreed about a channel", "The server does not follow RFC 8656 section 12"),
            _ => ("it was released", "It cannot be used any more"),
        };
        return new TurnException(
            TurnFailure.AllocationLost,
            $"The allocation at {server} is gone: {why}.",
            $"{hint}; allocate anew, or set {nameof(TurnAllocationOptions.ReallocatesWhenLost)}.");
    }

    private static TurnException FromCode(StunErrorCode code, string what, IPEndPoint server)
    {
        (TurnFailure failure, string hint) = code switch
        {
            StunErrorCode.TryAlternate => (
                TurnFailure.Redirected,
                "It redirects to another server without proof that it is entitled to, or once too often; ask that one directly."),
            StunErrorCode.Forbidden => (TurnFailure.Forbidden, "The server's policy forbids it: private and loopback peers are refused by default."),
            StunErrorCode.UnknownAttribute => (TurnFailure.Unsupported, "The server does not know an attribute that was asked for, such as DONT-FRAGMENT."),
            StunErrorCode.AddressFamilyNotSupported => (TurnFailure.Unsupported, "The server does not relay this address family; ask for the other one."),
            StunErrorCode.PeerAddressFamilyMismatch => (TurnFailure.Unsupported, "The peer is of another address family than the allocation."),
            StunErrorCode.UnsupportedTransportProtocol => (TurnFailure.Unsupported, "The server does not relay this protocol to peers."),
            StunErrorCode.AllocationQuotaReached => (
                TurnFailure.QuotaReached, "This user has as many allocations as it may; release one, or wait a minute."),
            StunErrorCode.InsufficientCapacity => (
                TurnFailure.InsufficientCapacity, "The server has no port or capacity of the kind left; wait a minute, or ask without an even or reserved port."),
            StunErrorCode.AllocationMismatch => (TurnFailure.AllocationMismatch, "The server takes each of our ports for one in use; wait two minutes."),
            StunErrorCode.ConnectionTimeoutOrFailure => (TurnFailure.PeerUnreachable, "The peer does not accept connections there."),
            StunErrorCode.ConnectionAlreadyExists => (TurnFailure.ErrorResponse, "There is a connection to this peer already."),
            StunErrorCode.ServerError => (TurnFailure.ErrorResponse, "The server has a temporary problem; try again."),
            _ => (TurnFailure.ErrorResponse, "The server's operator can say why."),
        };
        string name = code.GetReasonPhrase();
        return new TurnException(failure, $"{server} refused {what}: {(int)code}{(name.Length == 0 ? "" : " " + name)}.", hint) { ErrorCode = code };
    }
}
