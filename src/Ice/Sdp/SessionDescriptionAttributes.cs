using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// Reads the attributes of RFC 8839 section 5, RFC 8840 section 8 and their neighbours into a section, each at the levels where it is defined. Names in any
/// case (RFC 8840 section 9.2).
/// </summary>
internal static class SessionDescriptionAttributes
{
    private const int LongestName = 20;

    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        [
            "candidate", "end-of-candidates", "ice-lite", "ice-mismatch", "ice-options", "ice-pacing", "ice-pwd", "ice-ufrag", "mid", "remote-candidates",
            "rtcp", "rtcp-mux",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NamesBySpan = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether an attribute is one of those that are read here, at any level.</summary>
    public static bool IsOwn(ReadOnlySpan<char> name) => NamesBySpan.Contains(name);

    public static IceDescriptionStatus Read(SessionDescriptionSection section, ReadOnlySpan<char> name, bool hasValue, ReadOnlySpan<char> value)
    {
        Span<char> lower = stackalloc char[LongestName];
        name.ToLowerInvariant(lower);
        switch (lower[..name.Length])
        {
            case "ice-ufrag":
                return ReadUsernameFragment(section, value);
            case "ice-pwd":
                return ReadPassword(section, value);
            case "ice-options":
                return ReadOptions(section, value);
            case "end-of-candidates":
                section.EndOfCandidates = true;
                return Flag(hasValue);
            case "ice-lite" when section.IsSession:
                section.IsLite = true;
                return Flag(hasValue);
            case "ice-pacing" when section.IsSession:
                return ReadPacing(section, value);
            case "ice-mismatch" when !section.IsSession:
                section.IsMismatch = true;
                return Flag(hasValue);
            case "rtcp-mux" when !section.IsSession:
                section.MultiplexesRtcp = true;
                return Flag(hasValue);
            case "mid" when !section.IsSession:
                return ReadMid(section, value);
            case "rtcp" when !section.IsSession && hasValue:
                return ReadRtcp(section, value);
            case "remote-candidates" when !section.IsSession:
                return ReadRemoteCandidates(section.RemoteCandidates, value);
            default:
                return IceDescriptionStatus.Ok;
        }
    }

    private static IceDescriptionStatus Flag(bool hasValue) => hasValue ? IceDescriptionStatus.MalformedFlag : IceDescriptionStatus.Ok;

    private static IceDescriptionStatus ReadUsernameFragment(SessionDescriptionSection section, ReadOnlySpan<char> value)
    {
        if (section.UsernameFragment is not null)
        {
            return IceDescriptionStatus.Duplicate;
        }

        if (!IceCredentials.IsValidFragment(value))
        {
            return IceDescriptionStatus.MalformedUsernameFragment;
        }

        section.UsernameFragment = value.ToString();
        return IceDescriptionStatus.Ok;
    }

    private static IceDescriptionStatus ReadPassword(SessionDescriptionSection section, ReadOnlySpan<char> value)
    {
        if (section.Password is not null)
        {
            return IceDescriptionStatus.Duplicate;
        }

        if (!IceCredentials.IsValidPassword(value))
        {
            return IceDescriptionStatus.MalformedPassword;
        }

        section.Password = value.ToString();
        return IceDescriptionStatus.Ok;
    }

    private static IceDescriptionStatus ReadPacing(SessionDescriptionSection section, ReadOnlySpan<char> value)
    {
        if (section.Pacing is not null)
        {
            return IceDescriptionStatus.Duplicate;
        }

        if (!SdpGrammar.TryReadNumber(value, 10, long.MaxValue, out long milliseconds))
        {
            return IceDescriptionStatus.MalformedPacing;
        }

        section.Pacing = new TimeSpan(milliseconds * TimeSpan.TicksPerMillisecond);
        return IceDescriptionStatus.Ok;
    }

    private static IceDescriptionStatus ReadOptions(SessionDescriptionSection section, ReadOnlySpan<char> value)
    {
        if (section.HasOptions)
        {
            return IceDescriptionStatus.Duplicate;
        }

        section.HasOptions = true;

        // Some put commas where RFC 8839 section 5.6 has spaces (libjuice, and so libdatachannel).
        foreach (Range part in value.SplitAny(' ', ','))
        {
            ReadOnlySpan<char> option = value[part];
            if (option.Length == 0 || !IceCredentials.IsIceChars(option))
            {
                return IceDescriptionStatus.MalformedOptions;
            }

            section.Options.Add(option.ToString());
        }

        return IceDescriptionStatus.Ok;
    }

    private static IceDescriptionStatus ReadMid(SessionDescriptionSection section, ReadOnlySpan<char> value)
    {
        if (section.Mid is not null)
        {
            return IceDescriptionStatus.Duplicate;
        }

        if (!SdpGrammar.IsToken(value))
        {
            return IceDescriptionStatus.MalformedMid;
        }

        section.Mid = value.ToString();
        return IceDescriptionStatus.Ok;
    }

    // RFC 3605 section 2.1: a port, and an address where it is another than that of the c= line.
    private static IceDescriptionStatus ReadRtcp(SessionDescriptionSection section, ReadOnlySpan<char> value)
    {
        if (section.HasRtcp)
        {
            return IceDescriptionStatus.Duplicate;
        }

        section.HasRtcp = true;
        int space = value.IndexOf(' ');
        ReadOnlySpan<char> digits = space < 0 ? value : value[..space];
        if (!SdpGrammar.TryReadNumber(digits, 10, ushort.MaxValue, out long port) || port == 0)
        {
            return IceDescriptionStatus.MalformedConnection;
        }

        if (space < 0)
        {
            section.RtcpPort = (int)port;
            return IceDescriptionStatus.Ok;
        }

        if (!SdpConnection.TryRead(value[(space + 1)..], out TransportAddress address, out string? host))
        {
            return IceDescriptionStatus.MalformedConnection;
        }

        section.Rtcp = host is null ? address.WithPort((int)port) : null;
        return IceDescriptionStatus.Ok;
    }

    private static IceDescriptionStatus ReadRemoteCandidates(List<IceRemoteCandidate> candidates, ReadOnlySpan<char> value)
    {
        int field = 0;
        long component = 0;
        TransportAddress address = default;
        foreach (Range part in value.Split(' '))
        {
            ReadOnlySpan<char> text = value[part];
            switch (field++ % 3)
            {
                case 0 when !SdpGrammar.TryReadNumber(text, 3, CandidatePriority.MaxComponentId, out component) || component == 0:
                case 1 when text.Contains('%') || !TransportAddress.TryParseAddress(text, 0, out address):
                    return IceDescriptionStatus.MalformedRemoteCandidates;
                case 2:
                    if (!SdpGrammar.TryReadNumber(text, value.Length, ushort.MaxValue, out long port)
                        || port == 0
                        || candidates.Exists(known => known.ComponentId == component))
                    {
                        return IceDescriptionStatus.MalformedRemoteCandidates;
                    }

                    candidates.Add(new IceRemoteCandidate((int)component, address.WithPort((int)port)));
                    break;
                default:
                    break;
            }
        }

        return field % 3 == 0 ? IceDescriptionStatus.Ok : IceDescriptionStatus.MalformedRemoteCandidates;
    }
}
