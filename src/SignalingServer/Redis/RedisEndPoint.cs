using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Stack.Signaling.Server;

/// <summary>Where a Redis store is: <c>redis://[[USER]:PASSWORD@]HOST[:PORT]</c>, or <c>rediss://</c> with TLS.</summary>
public sealed class RedisEndPoint
{
    /// <summary>The port of a URI that names none.</summary>
    public const int DefaultPort = 6379;

    private RedisEndPoint(string host, int port, bool usesTls, string? user, string? password)
        => (Host, Port, UsesTls, User, Password) = (host, port, usesTls, user, password);

    /// <summary>A name or an address, IPv6 without brackets.</summary>
    public string Host { get; }

    /// <summary>The port, 1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Whether the connection is encrypted; the certificate must be valid for <see cref="Host"/>.</summary>
    public bool UsesTls { get; }

    /// <summary>The user; null for the default one.</summary>
    public string? User { get; }

    /// <summary>The password; null where none is asked for.</summary>
    public string? Password { get; }

    /// <summary>Parses a URI.</summary>
    /// <param name="text">The URI; a path or query is refused.</param>
    /// <param name="endPoint">The endpoint.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RedisEndPoint? endPoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        endPoint = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("redis" or "rediss")
            || uri.Host.Length == 0
            || uri.PathAndQuery is not ("" or "/")
            || uri.Fragment.Length != 0
            || uri.Port == 0)
        {
            return false;
        }

        int colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        string user = Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]);
        string? password = colon < 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
        if (password is null && user.Length != 0)
        {
            return false;
        }

        endPoint = new RedisEndPoint(
            uri.DnsSafeHost,
            uri.Port < 0 ? DefaultPort : uri.Port,
            uri.Scheme == "rediss",
            user.Length == 0 ? null : user,
            password);
        return true;
    }

    /// <summary>The URI without user and password.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{(UsesTls ? "rediss" : "redis")}://{host}:{Port}");
    }
}
