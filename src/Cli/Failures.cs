using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using Stack.Sessions;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>The one place that turns an exception into an exit code and words.</summary>
internal static class Failures
{
    public static Failure From(Exception error) => error switch
    {
        CommandException command => command.Failure,
        StunException stun => From(stun),
        TurnException turn => From(turn),
        IceException ice => From(ice),
        SignalingException signaling => From(signaling),
        OperationCanceledException => new Failure(ExitCode.Interrupted, "interrupted", "Interrupted.", "Nothing was lost; run it again."),
        UnauthorizedAccessException or IOException => Failure.Usage(OneLine(error), "Check the file's name and its permissions."),
        _ => new Failure(
            ExitCode.Negative,
            "internal",
            $"A defect of stackcli: {error.GetType().Name}.",
            "Please report the command line that led here."),
    };

    public static Failure Timeout(string what, TimeSpan timeout) => Failure.Timeout(
        string.Create(CultureInfo.InvariantCulture, $"No answer from {what} within {timeout.TotalSeconds:0.###} s."),
        "The server or a name server may be down, or the network blocks it; try another server, --transport tcp, or a longer --timeout.");

    private static Failure From(StunException error)
    {
        (ExitCode exit, string code) = Classify(error);
        string hint = error.Failure switch
        {
            StunFailure.AuthenticationFailed when error.Message.Contains("asks for", StringComparison.Ordinal)
                => "Give --user NAME, and the password by --password-file, the environment STACK_PASSWORD or the prompt.",
            StunFailure.TlsFailed => $"{error.Hint} With a private CA: --ca FILE; for a test without checks: --insecure.",
            StunFailure.ConnectionFailed or StunFailure.Unreachable when IsWithoutRoute(error)
                => "This machine has no way to that address; where IPv6 is missing, -4 or an IPv4 address helps.",
            StunFailure.LocalAddress => $"{error.Hint} It is what --local says.",
            _ => error.Hint,
        };
        return new Failure(exit, code, error.Message, hint, Kebab.From(error.Failure.ToString()));
    }

    private static Failure From(TurnException error)
    {
        (ExitCode exit, string code) = error.Failure switch
        {
            TurnFailure.NoAnswer or TurnFailure.Unreachable => (ExitCode.NoAnswer, "timeout"),
            TurnFailure.NameResolution or TurnFailure.ConnectionFailed or TurnFailure.ConnectionLost or TurnFailure.TlsFailed
                or TurnFailure.LocalAddress or TurnFailure.AllocationLost => (ExitCode.Network, "network"),
            TurnFailure.AuthenticationFailed or TurnFailure.IntegrityViolated => (ExitCode.Authentication, "auth"),
            TurnFailure.Unsupported or TurnFailure.BadAnswer or TurnFailure.Redirected => (ExitCode.Unsupported, "unsupported"),
            TurnFailure.ForbiddenPort => (ExitCode.Usage, "usage"),
            _ => (ExitCode.Negative, "refused"),
        };
        string hint = error.Failure switch
        {
            TurnFailure.AuthenticationFailed when error.Message.Contains("asks for", StringComparison.Ordinal)
                => "Give --user NAME, and the password by --password-file, the environment STACK_PASSWORD or the prompt.",
            TurnFailure.TlsFailed => $"{error.Hint} With a private CA: --ca FILE; for a test without checks: --insecure.",
            _ => error.Hint,
        };
        return new Failure(exit, code, error.Message, hint, Kebab.From(error.Failure.ToString()));
    }

    private static Failure From(IceException error)
    {
        (ExitCode exit, string code) = error.Failure switch
        {
            IceFailure.TimedOut => (ExitCode.NoAnswer, "timeout"),
            IceFailure.WrongCredentials => (ExitCode.Authentication, "auth"),
            IceFailure.NoLocalAddress => (ExitCode.Network, "network"),
            _ => (ExitCode.Negative, "refused"),
        };
        return new Failure(exit, code, error.Message, error.Hint, Kebab.From(error.Failure.ToString()));
    }

    private static Failure From(SignalingException error)
    {
        (ExitCode exit, string code) = error.Failure switch
        {
            SignalingFailure.TimedOut or SignalingFailure.Busy => (ExitCode.NoAnswer, "timeout"),
            SignalingFailure.NameResolution or SignalingFailure.ConnectionFailed or SignalingFailure.TlsFailed => (ExitCode.Network, "network"),
            SignalingFailure.Forbidden => (ExitCode.Authentication, "auth"),
            SignalingFailure.NoSignaling or SignalingFailure.Protocol or SignalingFailure.NoRelay => (ExitCode.Unsupported, "unsupported"),
            _ => (ExitCode.Negative, "refused"),
        };
        string hint = error.Failure == SignalingFailure.TlsFailed ? $"{error.Hint} For a test without checks: --insecure." : error.Hint;
        return new Failure(exit, code, error.Message, hint, Kebab.From(error.Failure.ToString()));
    }

    private static (ExitCode Exit, string Code) Classify(StunException error) => error.Failure switch
    {
        StunFailure.NoAnswer or StunFailure.Unreachable => (ExitCode.NoAnswer, "timeout"),
        StunFailure.NameResolution or StunFailure.ConnectionFailed or StunFailure.ConnectionLost or StunFailure.TlsFailed
            or StunFailure.LocalAddress => (ExitCode.Network, "network"),
        StunFailure.AuthenticationFailed or StunFailure.IntegrityViolated => (ExitCode.Authentication, "auth"),
        StunFailure.BadAnswer => (ExitCode.Unsupported, "unsupported"),
        StunFailure.ForbiddenPort => (ExitCode.Usage, "usage"),
        StunFailure.ErrorResponse => error.ErrorCode switch
        {
            StunErrorCode.UnknownAttribute or StunErrorCode.TryAlternate => (ExitCode.Unsupported, "unsupported"),
            StunErrorCode.Forbidden => (ExitCode.Authentication, "auth"),
            _ => (ExitCode.Negative, "refused"),
        },
        _ => (ExitCode.Network, "network"),
    };

    private static bool IsWithoutRoute(StunException error)
        => error.InnerException is SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable };

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ");
}
