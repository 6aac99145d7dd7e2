using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using Stack.Ice;

namespace Stack.Sessions;

/// <summary>
/// An offer or answer of WebRTC (RFC 8829) as far as one data channel's transport is concerned: its ICE parameters and candidates, and the lines that
/// browsers, libdatachannel and pion want to see. Immutable; safe to share.
/// </summary>
/// <remarks>
/// DTLS and SCTP are not spoken by this library: the fingerprint and the ports are there so that a peer takes the description, and so that whoever
/// speaks them on top finds theirs.
/// </remarks>
public sealed class WebRtcDescription
{
    private const string Bundle = "group:BUNDLE";
    private const string OwnMid = "0";

    private readonly IceSessionDescription _session;
    private readonly int _media;
    private readonly IReadOnlyList<string> _bundled;

    private WebRtcDescription(IceSessionDescription session, int media, IReadOnlyList<string> bundled, IceParameters parameters)
    {
        _session = session;
        _media = media;
        _bundled = bundled;
        Parameters = parameters;
        Candidates = [.. Sections().SelectMany(static section => section.Candidates).Distinct()];
        EndsCandidates = session.EndOfCandidates || Sections().Any(static section => section.EndOfCandidates);
    }

    /// <summary>The ICE parameters of the data channel's transport.</summary>
    public IceParameters Parameters { get; }

    /// <summary>The candidates that came with it. Most peers tell them one by one later.</summary>
    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>Whether no other candidates follow.</summary>
    public bool EndsCandidates { get; }

    /// <summary>The identification tag that candidates are told with (<c>sdpMid</c>); null where the description has none.</summary>
    public string? Mid => Medium.Mid;

    /// <summary>The number of the <c>m=</c> line that candidates are told with (<c>sdpMLineIndex</c>), counted from 0.</summary>
    public int LineIndex => _media;

    /// <summary>The hash function and the fingerprint of the peer's certificate (RFC 8122 section 5); null for none.</summary>
    public string? Fingerprint => Find("fingerprint");

    /// <summary>Who begins DTLS (RFC 8842 section 5.2): <c>actpass</c>, <c>active</c> or <c>passive</c>; null where it is not told.</summary>
    public string? Setup => Find("setup");

    /// <summary>The port of SCTP (RFC 8841 section 5); 5000 where it is not told.</summary>
    public int SctpPort => ReadNumber("sctp-port", 5000, ushort.MaxValue);

    /// <summary>The longest message that may be sent to whoever tells it, in bytes (RFC 8841 section 6); 65536 where it is not told, 0 for any.</summary>
    public long MaxMessageSize => ReadNumber("max-message-size", 65536, int.MaxValue);

    private IceMediaDescription Medium => _session.Media[_media];

    /// <summary>Makes an offer of one data channel.</summary>
    /// <param name="parameters">The ICE parameters of who offers.</param>
    /// <param name="fingerprint">The hash function and the fingerprint, such as <c>sha-256 AB:...</c>.</param>
    /// <param name="origin">What names the description, and its version (RFC 8829 section 5.2.1): the <c>o=</c> line without its first two characters.</param>
    public static WebRtcDescription CreateOffer(IceParameters parameters, string fingerprint, string origin)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(fingerprint);
        ArgumentNullException.ThrowIfNull(origin);
        var medium = new IceMediaDescription { Mid = OwnMid };
        return Create(parameters, origin, OwnMid, [Accept(medium, parameters, fingerprint, "actpass")], 0);
    }

    /// <summary>Reads an offer or an answer. Never throws.</summary>
    /// <param name="sdp">The description.</param>
    /// <param name="description">The result; null where there is none.</param>
    /// <param name="problem">What is wrong with it, for people; null for nothing. It repeats nothing of the text.</param>
    public static bool TryRead(string? sdp, [NotNullWhen(true)] out WebRtcDescription? description, [NotNullWhen(false)] out string? problem)
    {
        description = null;
        IceDescriptionStatus status = IceSessionDescription.Parse(sdp, out IceSessionDescription? session, out IceDescriptionFault fault);
        if (session is null)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"not a session description: {status} in line {fault.Line}");
            return false;
        }

        IReadOnlyList<string[]> groups = ReadGroups(session);
        int media = FindDataChannel(session, groups);
        if (media < 0)
        {
            problem = session.Media.Any(IsDataChannel) ? "the data channel is refused" : "no data channel in it";
            return false;
        }

        IReadOnlyList<string> bundled = groups.FirstOrDefault(group => group.Contains(session.Media[media].Mid)) ?? [];
        if (FindParameters(session, media, bundled) is not { } parameters)
        {
            problem = "no ICE credentials in it";
            return false;
        }

        description = new WebRtcDescription(session, media, bundled, parameters);
        problem = null;
        return true;
    }

    /// <summary>
    /// Answers this description, which is an offer: the data channel is taken, and every other <c>m=</c> line refused (RFC 8829 section 5.3.1), in the
    /// order and with the tags of the offer.
    /// </summary>
    /// <param name="parameters">The ICE parameters of who answers.</param>
    /// <param name="fingerprint">The hash function and the fingerprint of who answers.</param>
    /// <param name="origin">As in <see cref="CreateOffer"/>.</param>
    public WebRtcDescription CreateAnswer(IceParameters parameters, string fingerprint, string origin)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(fingerprint);
        ArgumentNullException.ThrowIfNull(origin);
        string setup = Setup == "active" ? "passive" : "active";
        var media = new List<IceMediaDescription>(_session.Media.Count);
        for (int i = 0; i < _session.Media.Count; i++)
        {
            IceMediaDescription offered = _session.Media[i];
            var answer = new IceMediaDescription { Media = offered.Media, Protocol = offered.Protocol, Formats = offered.Formats, Mid = offered.Mid };
            media.Add(i == _media ? Accept(answer, parameters, fingerprint, setup) : answer with { Default = answer.Default.WithPort(0), Attributes = ["inactive"] });
        }

        return Create(parameters, origin, _bundled.Count == 0 ? null : Mid, media, _media);
    }

    /// <summary>Whether a candidate that came by itself belongs to this transport.</summary>
    /// <param name="mid">Its <c>sdpMid</c>; null or empty where it is not told.</param>
    /// <param name="lineIndex">Its <c>sdpMLineIndex</c>; null where it is not told.</param>
    public bool Covers(string? mid, int? lineIndex)
    {
        if (!string.IsNullOrEmpty(mid))
        {
            return Mid is null || mid == Mid || _bundled.Contains(mid);
        }

        return lineIndex is not { } index
            || index == _media
            || (index >= 0 && index < _session.Media.Count && _session.Media[index].Mid is { } tag && _bundled.Contains(tag));
    }

    /// <summary>The description as it is sent.</summary>
    /// <exception cref="InvalidOperationException">Something in it cannot be written; the message says what.</exception>
    public string Format() => _session.Format();

    /// <summary>The description as it is sent, where it can be: an answer to an offer of nearly 64 KiB may be longer than that.</summary>
    /// <param name="text">The description; null on failure.</param>
    public bool TryFormat([NotNullWhen(true)] out string? text) => _session.TryFormat(out text);

    private static WebRtcDescription Create(IceParameters parameters, string origin, string? bundled, IReadOnlyList<IceMediaDescription> media, int index)
    {
        var session = new IceSessionDescription
        {
            Origin = origin,
            IsLite = parameters.IsLite,
            Pacing = parameters.IsLite ? null : parameters.Pacing,
            Attributes = bundled is null ? ["msid-semantic: WMS *"] : [$"{Bundle} {bundled}", "msid-semantic: WMS *"],
            Media = media,
        };
        return new WebRtcDescription(session, index, bundled is null ? [] : [bundled], parameters);
    }

    private static IceMediaDescription Accept(IceMediaDescription medium, IceParameters parameters, string fingerprint, string setup)
    {
        var options = new List<string>(2);
        if (parameters.Trickles)
        {
            options.Add(IceSessionDescription.TrickleOption);
        }

        if (parameters.SupportsIce2)
        {
            options.Add(IceSessionDescription.Ice2Option);
        }

        // Before RFC 8841 the port stood in the m= line, and what it carries in an attribute.
        bool isOld = int.TryParse(medium.Formats, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return medium with
        {
            Credentials = parameters.Credentials,
            Options = options,
            Attributes =
            [
                $"fingerprint:{fingerprint}",
                $"setup:{setup}",
                isOld ? $"sctpmap:{medium.Formats} webrtc-datachannel 65535" : "sctp-port:5000",
                "max-message-size:262144",
            ],
        };
    }

    private static bool IsDataChannel(IceMediaDescription medium)
        => medium.Media == "application" && medium.Protocol.EndsWith("DTLS/SCTP", StringComparison.OrdinalIgnoreCase);

    // A line that is there for the bundle alone has port 0 and is not refused (RFC 9143 section 6).
    private static int FindDataChannel(IceSessionDescription session, IReadOnlyList<string[]> groups)
    {
        for (int i = 0; i < session.Media.Count; i++)
        {
            IceMediaDescription medium = session.Media[i];
            bool isOpen = medium.Port != 0 || (medium.Attributes.Contains("bundle-only") && groups.Any(group => group.Contains(medium.Mid)));
            if (IsDataChannel(medium) && isOpen)
            {
                return i;
            }
        }

        return -1;
    }

    private static List<string[]> ReadGroups(IceSessionDescription session)
    {
        var groups = new List<string[]>();
        foreach (string attribute in session.Attributes)
        {
            if (attribute.StartsWith(Bundle + " ", StringComparison.OrdinalIgnoreCase))
            {
                groups.Add(attribute[(Bundle.Length + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return groups;
    }

    // A bundle has the transport of the line that it names first (RFC 9143 section 7.2), which is where the parameters are if the line has none of its own.
    private static IceParameters? FindParameters(IceSessionDescription session, int media, IReadOnlyList<string> bundled)
    {
        if (session.Media[media].Credentials is null)
        {
            foreach (string tag in bundled)
            {
                int index = IndexOf(session, tag);
                if (index >= 0 && session.Media[index].Credentials is not null)
                {
                    return session.ParametersOf(index);
                }
            }
        }

        return session.ParametersOf(media);
    }

    private static int IndexOf(IceSessionDescription session, string mid)
    {
        for (int i = 0; i < session.Media.Count; i++)
        {
            if (session.Media[i].Mid == mid)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The data channel's line, and those that share its transport.</summary>
    private IEnumerable<IceMediaDescription> Sections() => _session.Media.Where((medium, index) => index == _media
        || (medium.Mid is { } mid && _bundled.Contains(mid) && (medium.Credentials ?? _session.Credentials)?.Equals(Parameters.Credentials) != false));

    private string? Find(string name) => Find(Medium.Attributes, name) ?? Find(_session.Attributes, name);

    private static string? Find(IReadOnlyList<string> attributes, string name)
        => attributes.FirstOrDefault(attribute => attribute.Length > name.Length && attribute[name.Length] == ':'
            && attribute.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..];

    private int ReadNumber(string name, int absent, int most)
        => int.TryParse(Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= most ? value : absent;
}
