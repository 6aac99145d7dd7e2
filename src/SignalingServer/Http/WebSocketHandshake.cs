using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Stack.Signaling.Server;

/// <summary>The opening handshake of a WebSocket, RFC 6455 section 4.2. No extension is agreed on, compression least of all.</summary>
internal static class WebSocketHandshake
{
    private const string Version = "13";
    private const int KeySize = 16;

    /// <summary>Checks what a client asks for; where it cannot be had, the response says why.</summary>
    /// <param name="context">The request.</param>
    /// <param name="upgrade">What turns the connection into a WebSocket's.</param>
    /// <param name="key">The client's key.</param>
    /// <param name="problem">What is wrong, for the response whose status is set already.</param>
    public static bool TryAccept(
        HttpContext context,
        [NotNullWhen(true)] out IHttpUpgradeFeature? upgrade,
        out string key,
        [NotNullWhen(false)] out string? problem)
    {
        (key, problem) = ("", null);
        IHeaderDictionary headers = context.Request.Headers;
        upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (!HttpMethods.IsGet(context.Request.Method)
            || upgrade is not { IsUpgradableRequest: true }
            || !string.Equals(headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            problem = "this is a WebSocket";
            return false;
        }

        // RFC 6455 section 4.4.
        if (headers.SecWebSocketVersion != Version)
        {
            context.Response.Headers.SecWebSocketVersion = Version;
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            problem = "the version of a WebSocket is 13";
            return false;
        }

        key = headers.SecWebSocketKey.ToString();
        Span<byte> bytes = stackalloc byte[KeySize];
        if (headers.SecWebSocketKey.Count != 1 || !Convert.TryFromBase64String(key, bytes, out int size) || size != KeySize)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            problem = "Sec-WebSocket-Key is 16 bytes in base64";
            return false;
        }

        return true;
    }

    /// <summary>Writes the headers of the answer that accepts.</summary>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="key">The client's key.</param>
    /// <param name="subprotocol">The subprotocol that was agreed on; null for none.</param>
    public static void WriteAnswer(IHeaderDictionary headers, string key, string? subprotocol)
    {
        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = GetAccept(key);
        if (subprotocol is not null)
        {
            headers.SecWebSocketProtocol = subprotocol;
        }
    }

    /// <summary>Whether a client asks for a subprotocol, among others perhaps.</summary>
    public static bool Requests(IHeaderDictionary headers, string subprotocol)
    {
        foreach (string one in headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol))
        {
            if (one == subprotocol)
            {
                return true;
            }
        }

        return false;
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 section 4.2.2 says SHA-1; nothing is secured by it.")]
    private static string GetAccept(string key)
        => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
}
