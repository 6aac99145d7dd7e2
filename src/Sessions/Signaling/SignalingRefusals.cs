using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>Puts into words why a server does not take us: what its HTTP answer, its close code or the system says.</summary>
internal static class SignalingRefusals
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public static SignalingException Explain(Uri uri, SignalingClientOptions options, ClientWebSocket socket, WebSocketException error)
    {
        string where = Describe(uri);
        if ((int)socket.HttpStatusCode != 0)
        {
            return OfStatus(where, options, socket.HttpStatusCode, RetryAfter(socket.HttpResponseHeaders), error);
        }

        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return new SignalingException(
                        SignalingFailure.TlsFailed,
                        $"{where}: TLS failed: {OneLine(cause)}",
                        uri.Scheme == "wss" ? "The certificate must carry the server's name and be of a root that this machine trusts." : "Use an https URL.",
                        error);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new SignalingException(SignalingFailure.NameResolution, $"{where}: the name has no address.", "Check the name, and this machine's name servers.", error);
                case SocketException socketError:
                    return new SignalingException(
                        SignalingFailure.ConnectionFailed,
                        $"{where}: no connection ({socketError.SocketErrorCode}).",
                        "Is the server running, with --signal, on that address and port? A firewall may be in between.",
                        error);
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return new SignalingException(SignalingFailure.NameResolution, $"{where}: the name has no address.", "Check the name, and this machine's name servers.", error);
                default:
                    break;
            }
        }

        return new SignalingException(
            SignalingFailure.ConnectionFailed, $"{where}: {OneLine(error)}", "Is it a signaling server? An https server needs an https URL.", error);
    }

    /// <summary>Why a server closed before we were in, or for good.</summary>
    /// <returns>Null for a code after which to come again.</returns>
    public static SignalingException? OfCloseCode(Uri uri, int? code)
    {
        string where = Describe(uri);
        return code switch
        {
            SignalingCloseCode.Replaced => new SignalingException(
                SignalingFailure.Replaced, $"{where}: the same peer has connected anew.", "Another client uses this peer's token; join again for a place of your own."),
            SignalingCloseCode.Malformed => new SignalingException(
                SignalingFailure.Protocol, $"{where}: the server does not understand what we say.", "It may speak another dialect, or another version; see its own documentation."),
            SignalingCloseCode.SessionFull => new SignalingException(
                SignalingFailure.SessionFull, $"{where}: the session is full.", "Wait until somebody leaves, or agree on another session."),
            SignalingCloseCode.NameTaken => NameTaken(where, null),
            _ => null,
        };
    }

    /// <summary>A short reason of a lost connection, for people.</summary>
    public static string DescribeClose(int? code, Exception? error) => (code, error) switch
    {
        (SignalingCloseCode.TryAgain, _) => "the server cannot serve us now",
        (SignalingCloseCode.TooManyMessages, _) => "we sent more than the server allows",
        (SignalingCloseCode.Silent, _) => "our first message did not arrive in time",
        (SignalingCloseCode.GoingAway or SignalingCloseCode.Normal, _) => "the server closed the connection",
        ({ } other, _) => string.Create(CultureInfo.InvariantCulture, $"the server closed the connection with {other}"),
        (null, not null) => OneLine(error),
        _ => "the connection broke",
    };

    public static string Describe(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.SafeUnescaped);

    private static SignalingException OfStatus(string where, SignalingClientOptions options, HttpStatusCode status, TimeSpan? retryAfter, Exception error)
    {
        string says = string.Create(CultureInfo.InvariantCulture, $"{where} answers {(int)status}");
        return (int)status switch
        {
            401 or 403 => new SignalingException(SignalingFailure.Forbidden, $"{says}: it does not let us in.", "The server's owner says who may use it.", error),
            404 or 200 or 400 or 405 or 426 => new SignalingException(
                SignalingFailure.NoSignaling,
                $"{says}: no signaling of the dialect '{options.Dialect}' there.",
                "Check the path of the URL, the dialect, and that the server runs with --signal.",
                error),
            409 => NameTaken(where, error),
            429 or 503 => new SignalingException(SignalingFailure.Busy, $"{says}: too many clients, or too many of this address.", "Try again later.", error)
            {
                RetryAfter = retryAfter,
            },
            >= 300 and < 400 => new SignalingException(SignalingFailure.NoSignaling, $"{says}: it sends us elsewhere.", "Give the URL of the server itself.", error),
            _ => new SignalingException(SignalingFailure.ConnectionFailed, $"{says}.", "Try again later, or ask the server's owner.", error),
        };
    }

    private static SignalingException NameTaken(string where, Exception? error) => new(
        SignalingFailure.NameTaken, $"{where}: a peer of this name is connected.", "Take another name, or wait a moment if it is your own one from before.", error);

    private static TimeSpan? RetryAfter(IReadOnlyDictionary<string, IEnumerable<string>>? headers)
    {
        if (headers is null || !headers.TryGetValue("Retry-After", out IEnumerable<string>? values))
        {
            return null;
        }

        foreach (string value in values)
        {
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
            {
                return seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestWait;
            }
        }

        return null;
    }

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ");
}
