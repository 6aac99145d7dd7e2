using System;
using System.CommandLine;
using System.IO;
using System.Text.Json;

namespace Stack.Cli;

/// <summary>The flags of <c>serve</c>. They mean what the keys of its configuration mean, and go before them.</summary>
internal sealed class ServeFlags
{
    private const string Source = "command line";

    private readonly ServeFlag[] _flags =
    [
        new("listen", ServeFlagKind.List, "udp://A:P, tcp://A:P or tls://A:P, more than once; port 0 picks one. tcp and tls may share a port.", "URI"),
        new("relay-address", ServeFlagKind.List, "Address of this machine that relayed addresses are on; else those of --listen.", "A"),
        new("external-address", ServeFlagKind.List, "What a relay address is known as outside a 1:1 NAT, in the order of --relay-address.", "A"),
        new("realm", ServeFlagKind.Text, "Realm of the credentials, best your domain name, 16 characters at most.", "R"),
        new("user", ServeFlagKind.List, "NAME:PASSWORD; other users of this machine can see it. Better: --users-file.", "U:P"),
        new("users-file", ServeFlagKind.Text, "File with a NAME:PASSWORD or NAME:key=HEX a line, mode 600.", "F"),
        new("auth-secret-file", ServeFlagKind.Text, "File with the secret of expiring credentials (coturn's use-auth-secret), mode 600; more lines, more secrets.", "F"),
        new("auth-secret-hash", ServeFlagKind.Text, "sha1, as coturn has it, or sha256.", "H"),
        new("allow-peer", ServeFlagKind.List, "Network to relay to although the default refuses it.", "CIDR"),
        new("deny-peer", ServeFlagKind.List, "Network not to relay to, whatever --allow-peer says.", "CIDR"),
        new("allow-peer-ports", ServeFlagKind.List, "Ports to relay to although the default refuses them.", "P[-P]"),
        new("relays-only", ServeFlagKind.Flag, "Relay between clients of this server alone."),
        new("alternate", ServeFlagKind.Text, "Second address and port for NAT tests (RFC 5780); the first UDP listener then serves all four combinations.", "A:P"),
        new("classic", ServeFlagKind.Flag, "Answer clients of RFC 3489 too."),
        new("cert", ServeFlagKind.Text, "Certificate chain for tls://, PEM. Watched: a new one counts from its next connection on.", "F"),
        new("key", ServeFlagKind.Text, "The certificate's private key, PEM; else in the file of --cert.", "F"),
        new("software", ServeFlagKind.Text, "SOFTWARE of the answers; none by default.", "S"),
        new("alternate-servers", ServeFlagKind.List, "Server that clients are sent to when this one drains or is full.", "A:P"),
        new("redirect-all", ServeFlagKind.Flag, "Send all clients to the alternate servers."),
        new("strict-amplification", ServeFlagKind.Flag, "Send nothing to an unproven source that is larger than what it sent."),
        new("sha256-over-udp", ServeFlagKind.Flag, "Offer SHA-256 over UDP too; challenges grow by 28 bytes."),
        new("username-anonymity", ServeFlagKind.Flag, "Accept USERHASH in place of USERNAME."),
        new("rfc5766-channels", ServeFlagKind.Flag, "Bind channels up to 0x7FFF, as clients before RFC 8656 ask for (true)."),
        new("relay-udp", ServeFlagKind.Flag, "Relay to peers over UDP (true)."),
        new("relay-tcp", ServeFlagKind.Flag, "Relay to peers over TCP, RFC 6062 (true)."),
        new("portable-sockets", ServeFlagKind.Flag, "Send and receive datagrams one by one, as where the system has nothing faster."),
        new("nonce-key-file", ServeFlagKind.Text, "File with 64 hexadecimal digits that servers of a fleet share, mode 600.", "F"),
        new("drain-seconds", ServeFlagKind.Number, "How long SIGTERM waits for allocations to end (5).", "S"),
        new("shards", ServeFlagKind.Number, "How many loops; one for each core by default.", "N"),
        new("signal", ServeFlagKind.List, "http://A:P or https://A:P: sessions over WebSockets, docs/signaling.md; more than once. Alone unless there is --listen.", "URI"),
        new("signal-origin", ServeFlagKind.List, "Origin of another site whose pages may connect, such as https://example.org; * for all.", "ORIGIN"),
        new("signal-relay", ServeFlagKind.List, "STUN or TURN server that peers are told; else the ones of this process.", "URI"),
        new("signal-token-file", ServeFlagKind.Text, "File with the bearer token of the listing of sessions, mode 600; without it there is none.", "F"),
        new("signal-redis", ServeFlagKind.Text, "redis://HOST[:PORT]: sessions shared with other processes.", "URI"),
        new("signal-limit", ServeFlagKind.Limit, "A limit of signaling, such as connections-per-address=50, more than once; docs/signaling.md.", "NAME=N"),
        new("limit", ServeFlagKind.Limit, "A limit, such as allocations-per-user=20, more than once; names in docs/turn-server.md.", "NAME=N"),
    ];

    private readonly Option<string?> _config = new("--config")
    {
        Description = "JSON file with the names of these flags; SIGHUP reads it again. Flags go before it.",
        HelpName = "F",
    };

    private readonly Option<string?> _logFormat = new("--log-format") { Description = "text or json, one record a line (text).", HelpName = "FORMAT" };
    private readonly Option<string?> _logLevel = new("--log-level") { Description = "debug, info, warning or error (info).", HelpName = "LEVEL" };
    private readonly Option<string?> _logFile = new("--log-file") { Description = "Where the log goes; else standard error.", HelpName = "F" };

    public void AddTo(Command command)
    {
        command.Add(_config);
        foreach (ServeFlag flag in _flags)
        {
            flag.AddTo(command);
        }

        command.Add(_logFormat);
        command.Add(_logLevel);
        command.Add(_logFile);
    }

    /// <summary>Whether a password stands on the command line.</summary>
    public bool ShowsPassword(ParseResult parsed)
        => Array.Exists(_flags, flag => flag.Name is "user" && flag.IsGiven(parsed))
            || Array.Exists(_flags, flag => flag.Name is "signal-redis" && flag.GetText(parsed)?.Contains('@', StringComparison.Ordinal) == true);

    /// <summary>Reads the file and the flags as one.</summary>
    /// <exception cref="CommandException">Something is wrong: the message names the file, the key and the line, or the flag.</exception>
    public ServeConfiguration Read(ParseResult parsed)
    {
        var configuration = new ServeConfiguration();
        string? file = parsed.GetValue(_config);
        ConfigurationError? error;
        if (file is not null)
        {
            configuration = ServeConfigurationReader.TryRead(file, out ServeConfiguration? read, out error)
                ? read
                : throw CommandException.Usage(error + ".", "Correct the file; docs/turn-server.md lists the keys.");
        }

        if (!ServeConfigurationReader.TryParse(WriteFlags(parsed), Source, isOpenToOthers: false, configuration, out ServeConfiguration? all, out error))
        {
            string flag = error.Key.Replace("limits.", "limit ", StringComparison.Ordinal).Replace("log.", "log-", StringComparison.Ordinal);
            throw CommandException.Usage($"--{SafeText.Of(flag)}: {error.Message}.", "See: stackcli serve --help");
        }

        if (all.FindConflict(out string key) is { } problem)
        {
            throw CommandException.Usage($"{(file is null ? "--" : SafeText.Of(file) + ": ")}{key}: {problem}.", "See: stackcli serve --help");
        }

        return all;
    }

    private byte[] WriteFlags(ParseResult parsed)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (ServeFlag flag in _flags)
            {
                if (flag.IsGiven(parsed))
                {
                    flag.Write(json, parsed);
                }
            }

            json.WriteStartObject("log");
            WriteText(json, "format", parsed.GetValue(_logFormat));
            WriteText(json, "level", parsed.GetValue(_logLevel));
            WriteText(json, "file", parsed.GetValue(_logFile));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
