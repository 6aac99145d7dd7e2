using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary><c>--transport</c>, and how the certificate of a server is checked.</summary>
internal sealed class TransportOptions
{
    private readonly Option<StunTransport?> _transport = new("--transport") { Description = "udp (default), tcp or tls.", HelpName = "T" };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Take any certificate; for tests." };
    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the root certificates to trust.", HelpName = "F" };

    public TransportOptions()
    {
        _transport.CustomParser = static result => result.Tokens[0].Value switch
        {
            "udp" => StunTransport.Udp,
            "tcp" => StunTransport.Tcp,
            "tls" => StunTransport.Tls,
            string other => Refuse(result, other),
        };
    }

    public void AddTo(Command command)
    {
        command.Add(_transport);
        command.Add(_insecure);
        command.Add(_ca);
    }

    /// <summary>The transport that is asked for; null where it is left open.</summary>
    public StunTransport? Read(ParseResult parsed, StunServerReference server)
    {
        StunTransport? transport = parsed.GetValue(_transport);
        return server.Transport == StunTransport.Tls && transport is not (null or StunTransport.Tls)
            ? throw CommandException.Usage("A stuns: or turns: URI demands TLS, and --transport something else.", "Leave --transport away, or use stun: or turn:.")
            : transport;
    }

    public StunTlsOptions ReadTls(ParseResult parsed) => new()
    {
        AcceptAnyCertificate = parsed.GetValue(_insecure),
        CustomRoots = ReadRoots(parsed.GetValue(_ca)),
    };

    private static StunTransport? Refuse(ArgumentResult result, string text)
    {
        result.AddError($"'{text}' is not a transport: udp, tcp or tls.");
        return null;
    }

    private static X509Certificate2Collection? ReadRoots(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw CommandException.Usage($"--ca: {SafeText.Of(path)} cannot be read as certificates.", "It is a PEM file: -----BEGIN CERTIFICATE----- and so on.");
        }

        return roots.Count != 0
            ? roots
            : throw CommandException.Usage($"--ca: {SafeText.Of(path)} has no certificate.", "It is a PEM file: -----BEGIN CERTIFICATE----- and so on.");
    }
}
