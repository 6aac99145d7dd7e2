using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>The one place that turns what went wrong into a sentence and a hint.</summary>
internal static class StunFailures
{
    public static StunException From(StunResolutionException error) => new(
        StunFailure.NameResolution,
        error.Message,
        "Check the spelling of the name and this machine's name servers, or give an address.",
        error);

    public static StunException FromConnect(Exception error, IPEndPoint server, StunTransport transport) => error switch
    {
        AuthenticationException => new StunException(
            StunFailure.TlsFailed,
            $"The TLS handshake with {server} failed: {Flatten(error)}",
            "The certificate must be valid, trusted and issued for the name that was asked for; a private root is given as a custom one.",
            error),
        IOException when transport == StunTransport.Tls => new StunException(
            StunFailure.TlsFailed,
            $"The TLS handshake with {server} failed: {Flatten(error)}",
            "Does the server speak TLS on this port? Plain STUN is 3478, TLS 5349.",
            error),
        TimeoutException => new StunException(
            StunFailure.NoAnswer,
            $"No connection to {server} over {transport.ToString().ToUpperInvariant()}: no answer in time.",
            transport == StunTransport.Tls
                ? "A firewall may drop packets to this port, or the server does not speak TLS on it."
                : "A firewall may drop packets to this port; try UDP, or another port.",
            error),
        SocketException
        {
            SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied
                or SocketError.AddressFamilyNotSupported or SocketError.Fault,
        } => FromLocal(error),
        _ => new StunException(
            StunFailure.ConnectionFailed,
            $"No connection to {server} over {transport.ToString().ToUpperInvariant()}: {Flatten(error)}",
            "Is the server running, and is this its port?",
            error),
    };

    public static StunException FromLocal(Exception error) => new(
        StunFailure.LocalAddress,
        $"The local address cannot be used: {Flatten(error)}",
        "Give an address of this machine, of the server's family, and a free port, or none.",
        error);

    public static StunException FromTransaction(RequestTransaction transaction, StunTransport transport)
    {
        string server = transaction.Destination.ToString();
        string sent = transaction.Attempts == 1 ? "1 request" : $"{transaction.Attempts} requests";
        string seconds = transaction.Elapsed.TotalSeconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
        return transaction.Outcome switch
        {
            TransactionOutcome.Unreachable => new StunException(
                StunFailure.Unreachable,
                $"Nobody listens at {server} over UDP: {sent} in {seconds} s were refused (ICMP).",
                "Is the server running, and is this its port?"),
            TransactionOutcome.IntegrityViolated => new StunException(
                StunFailure.IntegrityViolated,
                $"{server} answered, but no answer had the integrity value that the password gives.",
                "The password may be wrong, or somebody on the path changes messages."),
            TransactionOutcome.NotUnderstood => new StunException(
                StunFailure.BadAnswer,
                $"{server} answered with attributes that must be understood and are not, or with an error without a code.",
                "The server does not follow RFC 8489."),
            TransactionOutcome.ConnectionLost => new StunException(
                StunFailure.ConnectionLost,
                $"{server} closed the connection before it answered.",
                "Is it a STUN server, and does it serve this transport on this port?"),
            _ => new StunException(
                StunFailure.NoAnswer,
                $"No answer from {server} to {sent} over {transport.ToString().ToUpperInvariant()} in {seconds} s.",
                transport == StunTransport.Udp
                    ? "The server may be down, or UDP blocked on the way; try --transport tcp or another server."
                    : "Is it a STUN server?"),
        };
    }

    public static StunException FromChallenge(ChallengeDecision decision, StunErrorCode code, IPEndPoint server, bool hasCredential)
    {
        (string message, string hint) = decision switch
        {
            _ when !hasCredential => ("asks for credentials", "Give a user name and a password."),
            ChallengeDecision.Refused => ("refuses the user name or the password", "Check both, and that they belong to this server."),
            ChallengeDecision.BidDown => (
                "offers weaker protection than its nonce says",
                "Somebody on the path may weaken the exchange; use TLS."),
            ChallengeDecision.Retry => ("sends one challenge after the other", "The server does not follow RFC 8489 section 9.2.4."),
            ChallengeDecision.NoSupportedAlgorithm => ("offers no password algorithm that is known", "The server needs MD5 or SHA-256."),
            _ => ("sent a challenge without realm or nonce", "The server does not follow RFC 8489 section 9.2.4."),
        };
        return new StunException(StunFailure.AuthenticationFailed, $"{server} {message} ({(int)code}).", hint) { ErrorCode = code };
    }

    public static StunException FromErrorResponse(StunErrorCode code, IPEndPoint server)
    {
        string name = code.GetReasonPhrase();
        return new StunException(
            StunFailure.ErrorResponse,
            $"{server} refused the request: {(int)code}{(name.Length == 0 ? "" : " " + name)}.",
            code switch
            {
                StunErrorCode.UnknownAttribute => "The server does not support what was asked for.",
                StunErrorCode.TryAlternate => "The server redirects to another one without proof that it is entitled to, or once too often; ask that one directly.",
                StunErrorCode.ServerError => "The server has a temporary problem; try again.",
                _ => "The server's operator can say why.",
            })
        {
            ErrorCode = code,
        };
    }

    private static string Flatten(Exception error) => (error.InnerException?.Message ?? error.Message).ReplaceLineEndings(" ").TrimEnd('.') + ".";
}
