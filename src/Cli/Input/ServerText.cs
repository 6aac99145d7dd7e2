using System;
using System.Collections.Generic;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Servers on the command line, and the one that stands in where none is given.</summary>
internal static class ServerText
{
    public const string Variable = "STACK_STUN_SERVER";

    public const string Description =
        "host, host:port, [v6]:port, or a URI (stun:, stuns:, turn:, turns:). Without a port: SRV records, then 3478, TLS 5349. "
        + "Without SERVER: the environment " + Variable + ".";

    public static StunServerReference Read(string? text, ConsoleEnvironment environment) => Parse(OrDefault(text, environment));

    public static IReadOnlyList<StunServerReference> ReadAll(IReadOnlyList<string> texts, ConsoleEnvironment environment)
    {
        if (texts.Count == 0)
        {
            texts = OrDefault(null, environment).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        }

        var servers = new List<StunServerReference>();
        foreach (string text in texts)
        {
            servers.Add(Parse(text));
        }

        return servers;
    }

    private static string OrDefault(string? text, ConsoleEnvironment environment)
    {
        text ??= environment.GetVariable(Variable);

        // RFC 8489 section 8 has no default server, and one of somebody else's must not be burdened unasked.
        return string.IsNullOrWhiteSpace(text)
            ? throw CommandException.Usage("No server is given.", $"Name one, such as stun.example.org, or set {Variable}.")
            : text;
    }

    private static StunServerReference Parse(string text)
        => StunServerReference.TryParse(text, out StunServerReference? server, out string? problem)
            ? server
            : throw CommandException.Usage(
                $"'{SafeText.Of(text)}' names no server: {problem}.",
                "Write host, host:port, [v6]:port, or a URI such as stun:stun.example.org.");
}
