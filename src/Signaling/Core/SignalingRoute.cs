using System;

namespace Stack.Signaling;

/// <summary>What a request's path and query say: the dialect, and in most of them the session and the peer.</summary>
internal sealed record SignalingRoute(SignalingDialect Dialect, string Session = "", string? Name = null, string? Token = null)
{
    private const string PeerJsSession = "peerjs";

    /// <summary>Reads a request; null where it is of no dialect or names what cannot be.</summary>
    public static SignalingRoute? Read(string path, string query)
    {
        string[] segments = path.Split('/', 5);
        if (segments.Length is < 2 or > 4 || segments[0].Length > 0)
        {
            return null;
        }

        string? first = segments.Length > 2 ? Segment(segments[2]) : null;
        string? second = segments.Length > 3 ? Segment(segments[3]) : null;
        return (segments[1], segments.Length) switch
        {
            ("session", 2) => new SignalingRoute(SignalingDialect.Own),
            ("villas", 3) => Checked(new SignalingRoute(SignalingDialect.Villas, first!)),
            ("villas", 4) => Checked(new SignalingRoute(SignalingDialect.Villas, first!, second!)),
            ("libdatachannel", 3) => Checked(new SignalingRoute(SignalingDialect.LibDataChannel, "libdatachannel", first!)),
            ("libdatachannel", 4) => Checked(new SignalingRoute(SignalingDialect.LibDataChannel, first!, second!)),
            ("websocket", 2) => Checked(new SignalingRoute(SignalingDialect.Lecture, Parameter(query, "session") ?? "websocket", Parameter(query, "name"))),
            ("peerjs", 2) => PeerJs(query),
            _ => null,
        };
    }

    private static SignalingRoute? PeerJs(string query)
    {
        string? token = Parameter(query, "token");
        string? id = Parameter(query, "id");
        return id is null || token is null || !SessionNames.IsHandle(token)
            ? null
            : Checked(new SignalingRoute(SignalingDialect.PeerJs, Parameter(query, "key") ?? PeerJsSession, id, token));
    }

    private static SignalingRoute? Checked(SignalingRoute route)
        => SessionNames.IsSession(route.Session) && (route.Name is null || SessionNames.IsHandle(route.Name)) ? route : null;

    private static string Segment(string text) => Uri.UnescapeDataString(text);

    private static string? Parameter(string query, string name)
    {
        foreach (string pair in query.TrimStart('?').Split('&'))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && pair.AsSpan(0, equals).SequenceEqual(name))
            {
                return Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' '));
            }
        }

        return null;
    }
}
