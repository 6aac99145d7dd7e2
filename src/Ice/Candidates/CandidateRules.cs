using System.Collections.Generic;

namespace Stack.Ice;

/// <summary>What a candidate must be to be told (RFC 8839 section 5.1, RFC 6544 section 4.5).</summary>
internal static class CandidateRules
{
    public static CandidateAttributeStatus Check(Candidate candidate)
    {
        if (candidate.Foundation is not { Length: >= 1 and <= 32 } || !IceCredentials.IsIceChars(candidate.Foundation))
        {
            return CandidateAttributeStatus.MalformedFoundation;
        }

        if (candidate.ComponentId is < 1 or > CandidatePriority.MaxComponentId)
        {
            return CandidateAttributeStatus.MalformedComponent;
        }

        if (candidate.Transport > CandidateTransport.Tcp)
        {
            return CandidateAttributeStatus.UnknownTransport;
        }

        if (candidate.Priority is < 1 or > CandidatePriority.MaxValue)
        {
            return CandidateAttributeStatus.MalformedPriority;
        }

        CandidateAttributeStatus address = CheckAddress(candidate);
        if (address != CandidateAttributeStatus.Ok)
        {
            return address;
        }

        if (candidate.Type > CandidateType.Relayed)
        {
            return CandidateAttributeStatus.UnknownType;
        }

        bool none = candidate.RelatedAddress is null;
        if (!none && (candidate.Type == CandidateType.Host || candidate.RelatedAddress is { IsNone: true }))
        {
            return CandidateAttributeStatus.MalformedRelatedAddress;
        }

        return CheckExtensions(candidate);
    }

    private static CandidateAttributeStatus CheckAddress(Candidate candidate)
    {
        int port = candidate.Address.Port;
        if (candidate.HostName is { } name)
        {
            port = candidate.HostPort;

            // RFC 8839 section 5.1: an agent generating local candidates must not use FQDN addresses; mDNS names are the extension.
            if (!candidate.Address.IsNone || !SdpGrammar.IsMdnsName(name))
            {
                return CandidateAttributeStatus.MalformedAddress;
            }
        }
        else if (candidate.Address.IsNone || candidate.HostPort != 0)
        {
            return CandidateAttributeStatus.MalformedAddress;
        }

        bool isTcp = candidate.Transport == CandidateTransport.Tcp;
        if (isTcp != candidate.TcpType is >= TcpCandidateType.Active and <= TcpCandidateType.SimultaneousOpen
            || (!isTcp && candidate.TcpType != TcpCandidateType.None))
        {
            return CandidateAttributeStatus.MalformedTcpType;
        }

        // RFC 6544 section 4.5: the port of active candidates is 9.
        return port is >= 1 and <= 65535 && (candidate.TcpType != TcpCandidateType.Active || port == CandidateKeywords.DiscardPort)
            ? CandidateAttributeStatus.Ok
            : CandidateAttributeStatus.MalformedPort;
    }

    private static CandidateAttributeStatus CheckExtensions(Candidate candidate)
    {
        if (candidate.Extensions is null || candidate.Extensions.Count > CandidateAttribute.MaxExtensions)
        {
            return CandidateAttributeStatus.MalformedExtension;
        }

        foreach (KeyValuePair<string, string> extension in candidate.Extensions)
        {
            if (!SdpGrammar.IsToken(extension.Key)
                || CandidateKeywords.IsReserved(extension.Key, candidate.Transport)
                || extension.Value is null
                || !SdpGrammar.IsVisible(extension.Value))
            {
                return CandidateAttributeStatus.MalformedExtension;
            }
        }

        return CandidateAttributeStatus.Ok;
    }
}
