using System;
using System.Collections.Generic;

namespace Stack.Signaling.Server;

/// <summary>
/// Which pages may open a WebSocket here. A browser lets any page connect to any server and says in <c>Origin</c> which page it is; whoever says
/// nothing is no browser.
/// </summary>
internal sealed class OriginPolicy
{
    /// <summary>The word for pages from everywhere.</summary>
    public const string Everywhere = "*";

    private readonly HashSet<string> _allowed = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _allowsAll;

    /// <param name="allowed">Origins, as <see cref="TryNormalize"/> takes them, or <see cref="Everywhere"/>; others allow nothing.</param>
    public OriginPolicy(IEnumerable<string> allowed)
    {
        foreach (string origin in allowed)
        {
            if (origin == Everywhere)
            {
                _allowsAll = true;
            }
            else if (TryNormalize(origin, out string normal, out _))
            {
                _allowed.Add(normal);
            }
        }
    }

    /// <summary>Brings an origin into its one form.</summary>
    /// <param name="text">Scheme, host and perhaps a port; nothing else.</param>
    /// <param name="origin">The same in lower case and without the port that goes without saying.</param>
    /// <param name="authority">What of it names the host.</param>
    public static bool TryNormalize(string text, out string origin, out string authority)
    {
        (origin, authority) = ("", "");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length != 0
            || uri.PathAndQuery != "/"
            || uri.Fragment.Length != 0
            || text.EndsWith('/'))
        {
            return false;
        }

        authority = uri.Authority.ToLowerInvariant();
        origin = uri.Scheme + "://" + authority;
        return true;
    }

    /// <summary>Whether a page may connect.</summary>
    /// <param name="origin">The values of <c>Origin</c>.</param>
    /// <param name="host">What the client calls this server, the value of <c>Host</c>.</param>
    public bool Allows(IReadOnlyList<string?> origin, string host)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (origin.Count == 0)
        {
            return true;
        }

        if (origin.Count != 1 || origin[0] is not { } text)
        {
            return false;
        }

        // "null" is a page that hides where it is from: no origin at all, which not even "everywhere" includes.
        return TryNormalize(text, out string normal, out string authority)
            && (_allowsAll || _allowed.Contains(normal) || IsSame(normal, authority, host));
    }

    // Behind a proxy that ends TLS the scheme here is another than in the browser: hosts and ports are compared.
    private static bool IsSame(string origin, string authority, string host)
    {
        string scheme = origin[..origin.IndexOf(':', StringComparison.Ordinal)];
        return TryNormalize(scheme + "://" + host, out _, out string own) && own == authority;
    }
}
