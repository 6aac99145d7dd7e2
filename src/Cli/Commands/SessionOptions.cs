using System;
using System.CommandLine;
using Stack.Sessions;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>The options of <c>stackcli ice</c> that are about sessions.</summary>
internal sealed class SessionOptions
{
    private readonly Option<string?> _session = new("--session") { Description = "Join this session; see: stackcli session new.", HelpName = "WORD" };
    private readonly Option<string?> _signal = new("--signal") { Description = "The signaling server of the session, http(s):// or ws(s)://.", HelpName = "URL" };
    private readonly Option<string?> _name = new("--name") { Description = "What the others of the session see.", HelpName = "N" };
    private readonly Option<string?> _dialect = new("--dialect") { Description = "own (default), villas or libdatachannel.", HelpName = "D" };
    private readonly Option<string[]> _call = new("--call") { Description = "A peer to call, with --dialect libdatachannel; may be repeated.", HelpName = "N" };
    private readonly Option<int?> _count = new("--count") { Description = "End once so many peers of the session were connected and probed.", HelpName = "N" };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Take any certificate of the signaling server; for tests." };

    public SessionOptions()
    {
        _count.CustomParser = WholeNumber.Between(1, IceSession.MaxPeers);
        _dialect.Validators.Add(static result =>
        {
            if (result.Tokens.Count != 0 && result.Tokens[0].Value is not ("own" or "villas" or "libdatachannel"))
            {
                result.AddError($"'{result.Tokens[0].Value}' is not a dialect: own, villas or libdatachannel.");
            }
        });
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_session, _signal, _name, _dialect, _call, _count, _insecure])
        {
            command.Add(option);
        }
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_session) is not null;

    /// <summary>Refuses the options of sessions where none is joined.</summary>
    public void RefuseWithoutSession(ParseResult parsed)
    {
        foreach (Option option in (Option[])[_signal, _name, _dialect, _call, _count, _insecure])
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw CommandException.Usage($"{option.Name} is for sessions.", "Give --session WORD too, the same on all machines; stackcli session new makes one.");
            }
        }
    }

    public SessionRequest ReadRequest(ParseResult parsed, TimeSpan? time) => new(parsed.GetValue(_dialect) ?? "own", parsed.GetValue(_count), time);

    public IceSessionOptions Read(ParseResult parsed, IceOptions ice)
    {
        string text = parsed.GetValue(_signal)
            ?? throw CommandException.Usage("--session needs a signaling server.", "Give --signal URL; stackcli serve --signal http://ADDRESS:PORT is one.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw CommandException.Usage($"--signal: {SafeText.Of(text)} is no URL of a signaling server.", "It is http://HOST:PORT, or https, ws or wss.");
        }

        var options = new IceSessionOptions
        {
            Server = server,
            Session = parsed.GetValue(_session)!,
            Name = parsed.GetValue(_name) ?? "",
            Dialect = parsed.GetValue(_dialect) switch
            {
                "villas" => SignalingDialect.Villas,
                "libdatachannel" => SignalingDialect.LibDataChannel,
                _ => SignalingDialect.Own,
            },
            Call = parsed.GetValue(_call) ?? [],
            Tls = new StunTlsOptions { AcceptAnyCertificate = parsed.GetValue(_insecure) },
            Ice = ice,
        };
        return options;
    }
}
