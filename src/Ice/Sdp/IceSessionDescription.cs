using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace Stack.Ice;

/// <summary>
/// The ICE part of a session description (RFC 8839 section 5) or of a fragment that trickles (<c>application/trickle-ice-sdpfrag</c>, RFC 8840 section 9).
/// Immutable; safe to share. Attributes that ICE has no use for are kept as text; other lines that it has no use for are skipped when reading, and so are
/// its own attributes at a level where they mean nothing.
/// </summary>
public sealed record IceSessionDescription
{
    /// <summary>The longest text that is read or written, in characters: 64 KiB.</summary>
    public const int MaxLength = 65536;

    /// <summary>The most <c>m=</c> lines.</summary>
    public const int MaxMedia = 128;

    /// <summary>The candidates of a description that are kept, over all media.</summary>
    public const int MaxCandidates = 100;

    /// <summary>The option of those that follow RFC 8445.</summary>
    public const string Ice2Option = "ice2";

    /// <summary>The option of those that trickle (RFC 8838).</summary>
    public const string TrickleOption = "trickle";

    /// <summary>The <c>o=</c> line without its first two characters. Fragments have none.</summary>
    public string Origin { get; init; } = "- 0 0 IN IP4 0.0.0.0";

    /// <summary>The credentials of all media that have none of their own; null for none.</summary>
    public IceCredentials? Credentials { get; init; }

    /// <summary>Whether the agent is a lite implementation.</summary>
    public bool IsLite { get; init; }

    /// <summary>The options of all media.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The proposed Ta, in whole milliseconds; null for the default of 50 ms.</summary>
    public TimeSpan? Pacing { get; init; }

    /// <summary>Whether no more candidates of any medium will come.</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>
    /// The attributes of the session that ICE has no use for, in their order, each as it stands behind <c>a=</c>, such as <c>group:BUNDLE 0</c>.
    /// </summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>The media, in their order.</summary>
    public IReadOnlyList<IceMediaDescription> Media { get; init; } = [];

    /// <summary>
    /// What is to become of ICE in the whole session (RFC 8839 section 4.3.3): a mismatch of one medium ends it for all; a mismatch that the peer reports ends
    /// it for that medium, and for all where every active medium has one.
    /// </summary>
    public IceSupport Support
    {
        get
        {
            IceSupport overall = IceSupport.None;
            for (int i = 0; i < Media.Count; i++)
            {
                switch (SupportOf(i))
                {
                    case IceSupport.Mismatch:
                        return IceSupport.Mismatch;
                    case IceSupport.Supported:
                        overall = IceSupport.Supported;
                        break;
                    case IceSupport.PeerReportsMismatch when overall == IceSupport.None:
                        overall = IceSupport.PeerReportsMismatch;
                        break;
                    default:
                        break;
                }
            }

            return overall;
        }
    }

    /// <summary>Describes an agent: its parameters at the level of the session, and its media.</summary>
    /// <param name="parameters">What the agent tells of itself.</param>
    /// <param name="media">The media, each with its candidates.</param>
    public static IceSessionDescription Create(IceParameters parameters, IReadOnlyList<IceMediaDescription> media)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(media);
        var options = new List<string>(2);
        if (parameters.SupportsIce2)
        {
            options.Add(Ice2Option);
        }

        if (parameters.Trickles)
        {
            options.Add(TrickleOption);
        }

        return new IceSessionDescription
        {
            Credentials = parameters.Credentials,
            IsLite = parameters.IsLite,
            Options = options,
            Pacing = parameters.IsLite ? null : parameters.Pacing,
            Media = media,
        };
    }

    /// <summary>
    /// Reads a whole session description. Never throws; line ends may be CRLF or LF. A candidate line that is malformed is left out, see
    /// <see cref="IceMediaDescription.RefusedCandidates"/>; any other fault makes all of it invalid.
    /// </summary>
    /// <param name="text">The description.</param>
    /// <param name="description">The result; null unless the status is <see cref="IceDescriptionStatus.Ok"/>.</param>
    /// <param name="fault">Where the fault is.</param>
    public static IceDescriptionStatus Parse(ReadOnlySpan<char> text, out IceSessionDescription? description, out IceDescriptionFault fault)
        => new SessionDescriptionReader(isFragment: false).Read(text, out description, out fault);

    /// <summary>Reads a fragment (RFC 8840 section 9.2), as a whole description is. Of pseudo <c>m=</c> lines only the identification tag counts.</summary>
    /// <param name="text">The fragment.</param>
    /// <param name="description">The result; null unless the status is <see cref="IceDescriptionStatus.Ok"/>.</param>
    /// <param name="fault">Where the fault is.</param>
    public static IceDescriptionStatus ParseFragment(ReadOnlySpan<char> text, out IceSessionDescription? description, out IceDescriptionFault fault)
        => new SessionDescriptionReader(isFragment: true).Read(text, out description, out fault);

    /// <summary>The parameters of a medium: its own, and those of the session where it has none.</summary>
    /// <param name="media">The medium, counted from 0.</param>
    /// <returns>Null where neither has credentials: the peer does not indicate ICE.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such medium.</exception>
    public IceParameters? ParametersOf(int media)
    {
        IceMediaDescription medium = At(media);
        IceCredentials? credentials = medium.Credentials ?? Credentials;
        return credentials is null ? null : new IceParameters
        {
            Credentials = credentials,
            IsLite = IsLite,
            SupportsIce2 = Has(medium, Ice2Option),
            Trickles = Has(medium, TrickleOption),
            Pacing = Pacing,
        };
    }

    /// <summary>Whether no more candidates of a medium will come.</summary>
    /// <param name="media">The medium, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such medium.</exception>
    public bool EndsCandidatesOf(int media) => EndOfCandidates || At(media).EndOfCandidates;

    /// <summary>Whether ICE can be used with a medium (RFC 8839 section 4.2.5).</summary>
    /// <param name="media">The medium, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such medium.</exception>
    public IceSupport SupportOf(int media)
    {
        IceMediaDescription medium = At(media);
        if (medium.Port == 0)
        {
            return IceSupport.Disabled;
        }

        if (medium.IsMismatch)
        {
            return IceSupport.PeerReportsMismatch;
        }

        if ((medium.Credentials ?? Credentials) is null)
        {
            return IceSupport.None;
        }

        return medium.HasMismatch ? IceSupport.Mismatch : IceSupport.Supported;
    }

    /// <summary>
    /// Whether the peer restarts ICE for a medium (RFC 8839 section 4.4.1.1.1): its credentials are others than in the description before, wherever they stand.
    /// </summary>
    /// <param name="previous">The peer's description before this one.</param>
    /// <param name="media">The medium, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such medium in one of them.</exception>
    public bool IsRestartOf(IceSessionDescription previous, int media)
    {
        ArgumentNullException.ThrowIfNull(previous);
        IceCredentials? before = previous.At(media).Credentials ?? previous.Credentials;
        IceCredentials? now = At(media).Credentials ?? Credentials;
        return before is not null && now is not null && !before.Equals(now);
    }

    /// <summary>Writes a whole session description, with CRLF at the end of each line and <c>s=-</c> and <c>t=0 0</c>.</summary>
    /// <exception cref="InvalidOperationException">Something in it cannot be written, or must not be; the message says what.</exception>
    public string Format() => Write(isFragment: false) ?? throw new InvalidOperationException(SessionDescriptionRules.Check(this, isFragment: false) ?? TooLong);

    /// <summary>Writes a fragment (RFC 8840 section 9.2): no default destinations, and each medium with its identification tag.</summary>
    /// <exception cref="InvalidOperationException">Something in it cannot be written, or must not be; the message says what.</exception>
    public string FormatFragment() => Write(isFragment: true) ?? throw new InvalidOperationException(SessionDescriptionRules.Check(this, isFragment: true) ?? TooLong);

    /// <summary>Writes a whole session description where that is possible.</summary>
    /// <param name="text">The description; null on failure.</param>
    public bool TryFormat([NotNullWhen(true)] out string? text) => (text = Write(isFragment: false)) is not null;

    /// <summary>Compares all of it, lists by their members.</summary>
    /// <param name="other">The other description.</param>
    public bool Equals(IceSessionDescription? other) => ReferenceEquals(this, other) || (other is not null
        && Origin == other.Origin
        && Equals(Credentials, other.Credentials)
        && IsLite == other.IsLite
        && Pacing == other.Pacing
        && EndOfCandidates == other.EndOfCandidates
        && Options.SequenceEqual(other.Options)
        && Attributes.SequenceEqual(other.Attributes)
        && Media.SequenceEqual(other.Media));

    /// <summary>A hash of origin, credentials and number of media.</summary>
    public override int GetHashCode() => HashCode.Combine(Origin, Credentials, Media.Count);

    private const string TooLong = "The description is longer than 64 KiB.";

    private bool Has(IceMediaDescription medium, string option) => Options.Contains(option) || medium.Options.Contains(option);

    private IceMediaDescription At(int media)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(media);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(media, Media.Count);
        return Media[media];
    }

    private string? Write(bool isFragment)
    {
        if (SessionDescriptionRules.Check(this, isFragment) is not null)
        {
            return null;
        }

        string text = SessionDescriptionWriter.Write(this, isFragment);
        return text.Length <= MaxLength ? text : null;
    }
}
