using System;

namespace Stack.Ice;

/// <summary>The words of a candidate line. The literals of an ABNF are case-insensitive (RFC 5234 section 2.3).</summary>
internal static class CandidateKeywords
{
    public const string Type = "typ";
    public const string RelatedAddress = "raddr";
    public const string RelatedPort = "rport";
    public const string TcpType = "tcptype";

    /// <summary>The port that stands where there is none: Discard.</summary>
    public const ushort DiscardPort = 9;

    /// <summary>Whether a name in an extension would be taken for a field.</summary>
    public static bool IsReserved(ReadOnlySpan<char> name, CandidateTransport transport)
        => SdpGrammar.Matches(name, RelatedAddress)
            || SdpGrammar.Matches(name, RelatedPort)
            || (transport == CandidateTransport.Tcp && SdpGrammar.Matches(name, TcpType));

    public static string Of(CandidateTransport transport) => transport == CandidateTransport.Tcp ? "TCP" : "UDP";

    public static string Of(CandidateType type) => type switch
    {
        CandidateType.Host => "host",
        CandidateType.ServerReflexive => "srflx",
        CandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    public static string Of(TcpCandidateType type) => type switch
    {
        TcpCandidateType.Active => "active",
        TcpCandidateType.Passive => "passive",
        _ => "so",
    };

    public static bool TryReadTransport(ReadOnlySpan<char> text, out CandidateTransport transport)
    {
        transport = SdpGrammar.Matches(text, "TCP") ? CandidateTransport.Tcp : CandidateTransport.Udp;
        return transport == CandidateTransport.Tcp || SdpGrammar.Matches(text, "UDP");
    }

    public static bool TryReadType(ReadOnlySpan<char> text, out CandidateType type)
    {
        for (type = CandidateType.Host; type <= CandidateType.Relayed; type++)
        {
            if (SdpGrammar.Matches(text, Of(type)))
            {
                return true;
            }
        }

        return false;
    }

    public static bool TryReadTcpType(ReadOnlySpan<char> text, out TcpCandidateType type)
    {
        for (type = TcpCandidateType.Active; type <= TcpCandidateType.SimultaneousOpen; type++)
        {
            if (SdpGrammar.Matches(text, Of(type)))
            {
                return true;
            }
        }

        return false;
    }
}
