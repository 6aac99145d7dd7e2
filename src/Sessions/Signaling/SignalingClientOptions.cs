using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Security.Cryptography;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>Which session a <see cref="SignalingClient"/> joins, and where.</summary>
public sealed record SignalingClientOptions
{
    /// <summary>The longest name of a session, in characters.</summary>
    public const int MaxSessionLength = 128;

    /// <summary>The longest name of a peer, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>
    /// The server: <c>http</c> and <c>ws</c> say the same, <c>https</c> and <c>wss</c> too. The endpoint of the dialect is appended to its path:
    /// <c>/session</c>; <c>/SESSION/NAME</c> in the dialects of VILLASnode and libdatachannel, with <c>/villas</c> or <c>/libdatachannel</c> before it where
    /// the path is empty.
    /// </summary>
    public required Uri Server { get; init; }

    /// <summary>The word, 1 to 128 characters without control characters. Who knows it can join.</summary>
    public required string Session { get; init; }

    /// <summary>
    /// What the others see, up to 64 characters; empty by default. In the dialects of VILLASnode and libdatachannel it is the name that no other peer may
    /// have, and drawn at random where it is empty.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>The dialect: <see cref="SignalingDialect.Own"/> by default, <see cref="SignalingDialect.Villas"/> or <see cref="SignalingDialect.LibDataChannel"/>.</summary>
    public SignalingDialect Dialect { get; init; }

    /// <summary>The names of the peers that we call, in the dialect of libdatachannel, where nobody is told who is there; none by default.</summary>
    public IReadOnlyList<string> Call { get; init; } = [];

    /// <summary>How the certificate of a server is checked (<c>https</c>, <c>wss</c>).</summary>
    public StunTlsOptions Tls { get; init; } = new();

    /// <summary>How long joining may take, and each attempt to come back; 15 s by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After how much silence the server is pinged, and for how long the answer is awaited; 15 s by default.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the times between attempts and random names come from; null, the default, for the system's. Stays the caller's.</summary>
    public RandomNumberGenerator? Random { get; init; }

    /// <summary>How long the server has to answer when we leave; tests give it longer.</summary>
    internal TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(1);

    internal static void Check(SignalingClientOptions options)
    {
        Require(options.Server is not null && options.Session is not null && options.Name is not null, "The server and the session are told, and the name is no null.", nameof(options));
        Require(options.Server.IsAbsoluteUri && options.Server.Scheme is "http" or "https" or "ws" or "wss", "The server is an http, https, ws or wss URL.", nameof(options));
        Require(options.Server.Query.Length == 0 && options.Server.Fragment.Length == 0 && options.Server.UserInfo.Length == 0, "The server's URL has neither a user nor a query.", nameof(options));
        Require(IsText(options.Session, 1, MaxSessionLength), "A session has 1 to 128 characters, and no control characters.", nameof(options));
        Require(IsText(options.Name, 0, MaxNameLength), "A name has up to 64 characters, and no control characters.", nameof(options));
        Require(options.Dialect is SignalingDialect.Own or SignalingDialect.Villas or SignalingDialect.LibDataChannel, "The dialect is our own, VILLASnode's or libdatachannel's.", nameof(options));
        Require(
            options.Dialect == SignalingDialect.Own || !options.Session.Contains('/', StringComparison.Ordinal) && !options.Name.Contains('/', StringComparison.Ordinal),
            "In this dialect the session and the name are parts of a path, and have no slash.",
            nameof(options));
        Require(options.Call.Count <= 64 && options.Call.All(static name => IsText(name, 1, MaxNameLength)), "Up to 64 peers with names of up to 64 characters can be called.", nameof(options));
        Require(options.Call.Count == 0 || options.Dialect == SignalingDialect.LibDataChannel, "Peers are called in the dialect of libdatachannel alone.", nameof(options));
        Require(options.ConnectTimeout > TimeSpan.Zero && options.KeepAlive > TimeSpan.Zero, "Times are positive.", nameof(options));
    }

    // Half of a surrogate pair cannot be sent.
    private static bool IsText(string text, int least, int most)
    {
        if (text.Length < least || text.Length > most)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i) && (i == 0 || !char.IsSurrogatePair(text, i - 1))))
            {
                return false;
            }
        }

        return true;
    }

    private static void Require([DoesNotReturnIf(false)] bool holds, string message, string parameterName)
    {
        if (!holds)
        {
            throw new ArgumentException(message, parameterName);
        }
    }
}
