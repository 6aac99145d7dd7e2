using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Stack.Signaling;

namespace Stack.Sessions;

/// <summary>A dialect from the client's side: what is said when, and what the server's messages mean. Safe for one reader and one writer at a time.</summary>
internal abstract class ClientDialect(SignalingClientOptions options)
{
    private const string NameLetters = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>The longest message that may be sent, in bytes.</summary>
    public abstract int MaxMessageSize { get; }

    protected SignalingClientOptions Options { get; } = options;

    public static ClientDialect Create(SignalingClientOptions options, RandomNumberGenerator random) => options.Dialect switch
    {
        SignalingDialect.Villas => new VillasClientDialect(options, NameOf(options, random)),
        SignalingDialect.LibDataChannel => new LibDataChannelClientDialect(options, NameOf(options, random)),
        _ => new OwnClientDialect(options),
    };

    /// <summary>Where the socket is opened.</summary>
    public abstract Uri GetUri();

    /// <summary>The first message on a new socket; null where there is none.</summary>
    public abstract byte[]? Open();

    /// <summary>The socket is open, and the first message sent.</summary>
    /// <param name="events">Where the events go.</param>
    public virtual void HandleOpened(ICollection<SignalingClientEvent> events)
    {
    }

    /// <summary>A message came.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="events">Where the events go.</param>
    /// <returns>False where it is none of the dialect's, or broken.</returns>
    public abstract bool Handle(ReadOnlySpan<byte> utf8, ICollection<SignalingClientEvent> events);

    /// <summary>Puts into words what a peer is to be told.</summary>
    /// <returns>Null where the dialect has no words for it.</returns>
    public abstract byte[]? Write(int to, PeerSignal signal);

    /// <summary>Asks for relay credentials; null where the dialect cannot.</summary>
    public virtual byte[]? AskForServers() => null;

    /// <summary>The address of the server with the parts of a path behind it, in the scheme of WebSocket.</summary>
    protected Uri GetUri(string emptyPath, string suffix, params ReadOnlySpan<string> segments)
    {
        string path = Options.Server.AbsolutePath.TrimEnd('/');
        path = path.Length == 0 ? emptyPath : path;
        if (suffix.Length != 0 && !path.EndsWith(suffix, StringComparison.Ordinal))
        {
            path += suffix;
        }

        foreach (string segment in segments)
        {
            path += "/" + Uri.EscapeDataString(segment);
        }

        return new UriBuilder(Options.Server) { Scheme = Options.Server.Scheme is "https" or "wss" ? "wss" : "ws", Port = Options.Server.Port, Path = path }.Uri;
    }

    private static string NameOf(SignalingClientOptions options, RandomNumberGenerator random)
    {
        if (options.Name.Length != 0)
        {
            return options.Name;
        }

        Span<byte> bits = stackalloc byte[8];
        random.GetBytes(bits);
        return string.Create(bits.Length, bits, static (name, bits) =>
        {
            for (int i = 0; i < name.Length; i++)
            {
                name[i] = NameLetters[bits[i] & 31];
            }
        });
    }
}
