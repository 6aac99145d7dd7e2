using System;
using System.Collections.Generic;

namespace Stack.Ice;

/// <summary>What a description must be to be written (RFC 8839 sections 4 and 5).</summary>
internal static class SessionDescriptionRules
{
    private const int MaxSentFragmentLength = 32;
    private const double MaxPacing = 9_999_999_999;

    /// <summary>The reason why it must not be written; null for none.</summary>
    public static string? Check(IceSessionDescription description, bool isFragment)
    {
        if (!IsLineText(description.Origin))
        {
            return "The origin is empty or has a line end.";
        }

        if (description.IsLite && description.Pacing is not null)
        {
            return "A lite implementation must not propose a pacing (RFC 8839 section 4.3.1).";
        }

        if (description.Pacing is { } pacing && (pacing.TotalMilliseconds is < 0 or > MaxPacing || pacing.Ticks % TimeSpan.TicksPerMillisecond != 0))
        {
            return "The pacing is not a whole number of milliseconds of at most ten digits.";
        }

        if (description.Media.Count > IceSessionDescription.MaxMedia || (description.Media.Count == 0 && !isFragment))
        {
            return "A description has 1 to 128 media.";
        }

        var passwords = new Dictionary<string, string>(StringComparer.Ordinal);
        string? reason = CheckCredentials(description.Credentials, passwords) ?? CheckOptions(description.Options) ?? CheckAttributes(description.Attributes);
        var tags = new HashSet<string>(StringComparer.Ordinal);
        int candidates = 0;
        for (int i = 0; i < description.Media.Count && reason is null; i++)
        {
            IceMediaDescription medium = description.Media[i];
            candidates += medium.Candidates.Count;
            reason = CheckCredentials(medium.Credentials, passwords)
                ?? CheckOptions(medium.Options)
                ?? CheckAttributes(medium.Attributes)
                ?? CheckMediaLine(medium)
                ?? CheckTag(medium, tags, isFragment)
                ?? CheckCandidates(medium)
                ?? CheckRemoteCandidates(medium);
            if (isFragment && (medium.Credentials ?? description.Credentials) is null)
            {
                reason ??= "A fragment says which credentials it belongs to (RFC 8840 section 9.2).";
            }
        }

        return reason ?? (candidates > IceSessionDescription.MaxCandidates ? "A description has at most 100 candidates." : null);
    }

    private static bool IsLineText(string text) => text.Length > 0 && text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0;

    private static string? CheckCredentials(IceCredentials? credentials, Dictionary<string, string> passwords)
    {
        if (credentials is null)
        {
            return null;
        }

        if (credentials.UsernameFragment.Length > MaxSentFragmentLength)
        {
            return "A username fragment that is sent has at most 32 characters (RFC 8839 section 5.4).";
        }

        return passwords.TryAdd(credentials.UsernameFragment, credentials.Password) || passwords[credentials.UsernameFragment] == credentials.Password
            ? null
            : "One username fragment has one password (RFC 8839 section 5.4).";
    }

    private static string? CheckOptions(IReadOnlyList<string> options)
    {
        foreach (string option in options)
        {
            if (option.Length == 0 || !IceCredentials.IsIceChars(option))
            {
                return "An option is one or more ice-chars (RFC 8839 section 5.6).";
            }
        }

        return null;
    }

    private static string? CheckAttributes(IReadOnlyList<string> attributes)
    {
        foreach (string attribute in attributes)
        {
            int colon = attribute.IndexOf(':', StringComparison.Ordinal);
            ReadOnlySpan<char> name = colon < 0 ? attribute : attribute.AsSpan(0, colon);
            if (!IsLineText(attribute) || !SdpGrammar.IsToken(name))
            {
                return "An attribute is a name, or a name, a colon and a value, without a line end.";
            }

            if (SessionDescriptionAttributes.IsOwn(name))
            {
                return "An attribute has a property of its own.";
            }
        }

        return null;
    }

    private static string? CheckMediaLine(IceMediaDescription medium)
    {
        if (!SessionDescriptionReader.IsMediaLine(medium.Media, medium.Protocol, medium.Formats))
        {
            return "The media, protocol or formats cannot stand in an m= line.";
        }

        bool isConsistent = medium.DefaultHost is { } host
            ? medium.Default.IsNone && SdpGrammar.IsHostName(host) && medium.DefaultHostPort is >= 0 and <= 65535
            : medium.DefaultHostPort == 0 && !medium.Default.IsNone;
        return isConsistent ? null : "The default destination is an address, or a name and its port.";
    }

    private static string? CheckTag(IceMediaDescription medium, HashSet<string> tags, bool isFragment)
    {
        if (medium.Mid is not { } mid)
        {
            return isFragment ? "A medium of a fragment has an identification tag (RFC 8840 section 4.4)." : null;
        }

        return SdpGrammar.IsToken(mid) && tags.Add(mid) ? null : "An identification tag is a token, and another for each medium (RFC 5888 section 4).";
    }

    private static string? CheckCandidates(IceMediaDescription medium)
    {
        if (medium.Candidates.Count > 0 && medium.IsMismatch)
        {
            return "With ice-mismatch there are no candidates (RFC 8839 section 4.2.5).";
        }

        if (medium.Candidates.Count > 0 && medium.Port == 0)
        {
            return "A stream that is removed has no candidates (RFC 8839 section 4.4.1.1.2).";
        }

        foreach (Candidate candidate in medium.Candidates)
        {
            CandidateAttributeStatus status = CandidateAttribute.Validate(candidate);
            if (status != CandidateAttributeStatus.Ok)
            {
                return $"A candidate cannot be told: {status}.";
            }
        }

        return null;
    }

    private static string? CheckRemoteCandidates(IceMediaDescription medium)
    {
        var components = new HashSet<int>();
        foreach (IceRemoteCandidate candidate in medium.RemoteCandidates)
        {
            if (candidate.ComponentId is < 1 or > CandidatePriority.MaxComponentId
                || candidate.Address.IsNone
                || candidate.Address.Port == 0
                || !components.Add(candidate.ComponentId))
            {
                return "A remote candidate is an address and a port, one for each component (RFC 8839 section 5.2).";
            }
        }

        return medium.RtcpDefault is { IsNone: true } or { Port: 0 } ? "The default destination of RTCP is an address and a port." : null;
    }
}
