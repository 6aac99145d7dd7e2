using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>What has been read of a section: the session's, or that of one <c>m=</c> line.</summary>
internal sealed class SessionDescriptionSection(bool isSession)
{
    public TransportAddress Address;
    public string? Host;

    public bool IsSession { get; } = isSession;

    public string Media { get; init; } = "";

    public ushort Port { get; init; }

    public string Protocol { get; init; } = "";

    public string Formats { get; init; } = "";

    public bool HasConnection { get; set; }

    public string? UsernameFragment { get; set; }

    public string? Password { get; set; }

    public IceCredentials? Credentials { get; private set; }

    public List<string> Options { get; } = [];

    public bool HasOptions { get; set; }

    public bool IsLite { get; set; }

    public TimeSpan? Pacing { get; set; }

    public bool EndOfCandidates { get; set; }

    public bool IsMismatch { get; set; }

    public bool HasRtcp { get; set; }

    public TransportAddress? Rtcp { get; set; }

    public int? RtcpPort { get; set; }

    public bool MultiplexesRtcp { get; set; }

    public string? Mid { get; set; }

    public bool MidIsNoted { get; set; }

    public List<Candidate> Candidates { get; } = [];

    public List<IceRemoteCandidate> RemoteCandidates { get; } = [];

    public List<string> Attributes { get; } = [];

    public int IgnoredCandidates { get; set; }

    public List<IceRefusedCandidate> RefusedCandidates { get; } = [];

    public int DroppedCandidates { get; set; }

    /// <summary>Puts the two parts of the credentials together. Those of another level do not count.</summary>
    public IceDescriptionStatus TakeCredentials()
    {
        if (UsernameFragment is null && Password is null)
        {
            return IceDescriptionStatus.Ok;
        }

        if (Password is null)
        {
            return IceDescriptionStatus.MissingPassword;
        }

        if (UsernameFragment is null)
        {
            return IceDescriptionStatus.MissingUsernameFragment;
        }

        Credentials = new IceCredentials(UsernameFragment, Password);
        return IceDescriptionStatus.Ok;
    }

    /// <summary>The description of the section, with the connection that counts for it; none in fragments.</summary>
    public IceMediaDescription ToMedia(SessionDescriptionSection? connection)
    {
        var medium = new IceMediaDescription
        {
            Media = Media,
            Protocol = Protocol,
            Formats = Formats,
            MultiplexesRtcp = MultiplexesRtcp,
            Mid = Mid,
            Credentials = Credentials,
            Options = Options,
            EndOfCandidates = EndOfCandidates,
            IsMismatch = IsMismatch,
            Candidates = Candidates,
            RemoteCandidates = RemoteCandidates,
            Attributes = Attributes,
            IgnoredCandidates = IgnoredCandidates,
            RefusedCandidates = RefusedCandidates,
            DroppedCandidates = DroppedCandidates,
        };
        if (connection is null)
        {
            return medium;
        }

        TransportAddress? rtcp = Rtcp;
        if (RtcpPort is { } rtcpPort && connection.Host is null)
        {
            rtcp = connection.Address.WithPort(rtcpPort);
        }

        return connection.Host is { } host
            ? medium with { Default = default, DefaultHost = host, DefaultHostPort = Port, RtcpDefault = rtcp }
            : medium with { Default = connection.Address.WithPort(Port), RtcpDefault = rtcp };
    }
}
