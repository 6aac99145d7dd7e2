using System;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Stack.Signaling.Server;

/// <summary>The token that opens the listing of sessions. Only its digest is kept.</summary>
internal sealed class BearerToken(string token)
{
    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether a request shows it, compared in constant time.</summary>
    /// <param name="authorization">The values of <c>Authorization</c>.</param>
    public bool IsShownBy(StringValues authorization)
    {
        const string Scheme = "Bearer ";
        return authorization is [{ } text]
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text[Scheme.Length..].Trim())), _digest);
    }
}
