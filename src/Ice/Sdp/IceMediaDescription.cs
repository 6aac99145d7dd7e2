using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>What a session description says of one data stream as far as ICE is concerned (RFC 8839 section 4.2.1). Immutable; safe to share.</summary>
public sealed record IceMediaDescription
{
    /// <summary>The kind of media, such as <c>audio</c> or <c>application</c>: a token.</summary>
    public string Media { get; init; } = "application";

    /// <summary>The protocol of the <c>m=</c> line, such as <c>UDP/DTLS/SCTP</c>. One that starts with TCP makes the default destination a TCP one.</summary>
    public string Protocol { get; init; } = "UDP/DTLS/SCTP";

    /// <summary>The formats of the <c>m=</c> line, with single spaces in between.</summary>
    public string Formats { get; init; } = "webrtc-datachannel";

    /// <summary>
    /// The default destination: the address of the <c>c=</c> line and the port of the <c>m=</c> line. 0.0.0.0 and port 9 where it is not known yet; port 0
    /// for a stream that is disabled; no address with <see cref="DefaultHost"/>, and in fragments.
    /// </summary>
    public TransportAddress Default { get; init; } = TransportAddress.FromIPv4(0, CandidateKeywords.DiscardPort);

    /// <summary>The name in the <c>c=</c> line in place of an address; null for none.</summary>
    public string? DefaultHost { get; init; }

    /// <summary>The port that goes with <see cref="DefaultHost"/>; 0 without one.</summary>
    public int DefaultHostPort { get; init; }

    /// <summary>The port of the <c>m=</c> line; 0 for a stream that is disabled.</summary>
    public int Port => DefaultHost is null ? Default.Port : DefaultHostPort;

    /// <summary>The default destination of RTCP (<c>a=rtcp</c>, RFC 3605); null where it is not told, or told with a name.</summary>
    public TransportAddress? RtcpDefault { get; init; }

    /// <summary>Whether RTCP shares the component of RTP (<c>a=rtcp-mux</c>, RFC 5761).</summary>
    public bool MultiplexesRtcp { get; init; }

    /// <summary>The identification tag (<c>a=mid</c>, RFC 5888): a token; null for none.</summary>
    public string? Mid { get; init; }

    /// <summary>The credentials of this stream alone; null where those of the session count.</summary>
    public IceCredentials? Credentials { get; init; }

    /// <summary>The options of this stream, besides those of the session.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether no more candidates of this stream will come (RFC 8840 section 8.1).</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>Whether an answer says that the offer's default destination was not among its candidates (RFC 8839 section 5.3).</summary>
    public bool IsMismatch { get; init; }

    /// <summary>The candidates, in their order.</summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>The selected candidates of the one who answers (RFC 8839 section 5.2), in an offer after ICE has completed.</summary>
    public IReadOnlyList<IceRemoteCandidate> RemoteCandidates { get; init; } = [];

    /// <summary>
    /// The attributes that ICE has no use for, in their order, each as it stands behind <c>a=</c>, such as <c>setup:actpass</c>. Those that have a property
    /// here or in <see cref="IceSessionDescription"/> are not among them.
    /// </summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>How many candidate lines were well-formed and not supported, and so were ignored (RFC 8839 section 5.1). Not written.</summary>
    public int IgnoredCandidates { get; init; }

    /// <summary>
    /// The candidate lines that were malformed and so left out, the first <see cref="IceSessionDescription.MaxCandidates"/> of a description. Not written.
    /// </summary>
    public IReadOnlyList<IceRefusedCandidate> RefusedCandidates { get; init; } = [];

    /// <summary>
    /// How many candidate lines were left out behind the first <see cref="IceSessionDescription.MaxCandidates"/> of a description that were good, and how many
    /// malformed ones behind as many that were. Not written.
    /// </summary>
    public int DroppedCandidates { get; init; }

    /// <summary>The transport protocol of the default destination.</summary>
    public CandidateTransport Transport
        => Protocol.StartsWith("TCP", StringComparison.OrdinalIgnoreCase) ? CandidateTransport.Tcp : CandidateTransport.Udp;

    /// <summary>
    /// Whether the default destination of a component is missing among the candidates (RFC 8839 section 4.2.5). It may be missing where it is a name, where it
    /// is 0.0.0.0 or :: with port 9, and where candidates were dropped or refused, of which it may be one.
    /// </summary>
    public bool HasMismatch => Port != 0 && DroppedCandidates == 0 && RefusedCandidates.Count == 0
        && ((DefaultHost is null && IsMissing(Default, 1))
            || (RtcpDefault is { } rtcp && IsMissing(rtcp, MultiplexesRtcp ? 1 : 2)));

    /// <summary>This description with the default destinations that its candidates give (RFC 8445 section 5.1.4).</summary>
    /// <returns>0.0.0.0 and port 9 where no candidate has the transport protocol of the <c>m=</c> line (RFC 8839 section 4.3.2).</returns>
    public IceMediaDescription WithDefault()
    {
        TransportAddress address = DefaultCandidate.Choose(Candidates, 1, Transport)?.Address
            ?? TransportAddress.FromIPv4(0, CandidateKeywords.DiscardPort);
        return this with
        {
            Default = address,
            DefaultHost = null,
            DefaultHostPort = 0,
            RtcpDefault = MultiplexesRtcp ? null : DefaultCandidate.Choose(Candidates, 2, Transport)?.Address,
        };
    }

    /// <summary>Compares all of it, lists by their members.</summary>
    /// <param name="other">The other description.</param>
    public bool Equals(IceMediaDescription? other) => ReferenceEquals(this, other) || (other is not null
        && Media == other.Media
        && Protocol == other.Protocol
        && Formats == other.Formats
        && Default == other.Default
        && DefaultHost == other.DefaultHost
        && DefaultHostPort == other.DefaultHostPort
        && RtcpDefault == other.RtcpDefault
        && MultiplexesRtcp == other.MultiplexesRtcp
        && Mid == other.Mid
        && Equals(Credentials, other.Credentials)
        && EndOfCandidates == other.EndOfCandidates
        && IsMismatch == other.IsMismatch
        && IgnoredCandidates == other.IgnoredCandidates
        && DroppedCandidates == other.DroppedCandidates
        && RefusedCandidates.SequenceEqual(other.RefusedCandidates)
        && Options.SequenceEqual(other.Options)
        && Attributes.SequenceEqual(other.Attributes)
        && Candidates.SequenceEqual(other.Candidates)
        && RemoteCandidates.SequenceEqual(other.RemoteCandidates));

    /// <summary>A hash of tag, default destination and number of candidates.</summary>
    public override int GetHashCode() => HashCode.Combine(Mid, Default, DefaultHost, Candidates.Count);

    private bool IsMissing(TransportAddress address, int componentId)
    {
        if (address.IsUnspecified && address.Port == CandidateKeywords.DiscardPort)
        {
            return false;
        }

        foreach (Candidate candidate in Candidates)
        {
            if (candidate.ComponentId == componentId && candidate.Transport == Transport && candidate.Address == address)
            {
                return false;
            }
        }

        return true;
    }
}
