using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Reads the fields of a candidate line from the foundation on.</summary>
internal ref struct CandidateAttributeReader(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _next;
    private bool _ended;

    /// <summary>Where the field starts that was read last.</summary>
    public int FieldStart { get; private set; }

    /// <summary>Reads the whole line.</summary>
    public CandidateAttributeStatus Read(out Candidate? candidate)
    {
        candidate = null;
        ReadOnlySpan<char> foundation = Next();
        if (foundation.Length is 0 or > 32 || !IceCredentials.IsIceChars(foundation))
        {
            return Fault(CandidateAttributeStatus.MalformedFoundation);
        }

        if (!SdpGrammar.TryReadNumber(Next(), 3, CandidatePriority.MaxComponentId, out long component) || component == 0)
        {
            return Fault(CandidateAttributeStatus.MalformedComponent);
        }

        ReadOnlySpan<char> protocol = Next();
        if (!SdpGrammar.IsToken(protocol))
        {
            return Fault(CandidateAttributeStatus.MalformedTransport);
        }

        if (!CandidateKeywords.TryReadTransport(protocol, out CandidateTransport transport))
        {
            return CandidateAttributeStatus.UnknownTransport;
        }

        if (!SdpGrammar.TryReadNumber(Next(), 10, CandidatePriority.MaxValue, out long priority) || priority == 0)
        {
            return Fault(CandidateAttributeStatus.MalformedPriority);
        }

        ReadOnlySpan<char> host = Next();
        CandidateAttributeStatus status = ReadHost(host, out TransportAddress address);
        if (status != CandidateAttributeStatus.Ok)
        {
            return Fault(status);
        }

        // Port 0 is left to active TCP candidates, which are known at the end of the line only.
        if (!SdpGrammar.TryReadNumber(Next(), CandidateAttribute.MaxLength, ushort.MaxValue, out long port)
            || (port == 0 && transport == CandidateTransport.Udp))
        {
            return Fault(CandidateAttributeStatus.MalformedPort);
        }

        int portStart = FieldStart;
        if (!SdpGrammar.Matches(Next(), CandidateKeywords.Type))
        {
            return Fault(CandidateAttributeStatus.MalformedType);
        }

        ReadOnlySpan<char> word = Next();
        if (!SdpGrammar.IsToken(word))
        {
            return Fault(CandidateAttributeStatus.MalformedType);
        }

        if (!CandidateKeywords.TryReadType(word, out CandidateType type))
        {
            return CandidateAttributeStatus.UnknownType;
        }

        status = ReadRelated(out TransportAddress? related);
        if (status != CandidateAttributeStatus.Ok)
        {
            return status;
        }

        status = ReadExtensions(transport, out TcpCandidateType tcpType, out List<KeyValuePair<string, string>>? extensions);
        if (status != CandidateAttributeStatus.Ok)
        {
            return status;
        }

        if (tcpType == TcpCandidateType.Active)
        {
            port = CandidateKeywords.DiscardPort;
        }

        if (port == 0)
        {
            FieldStart = portStart;
            return CandidateAttributeStatus.MalformedPort;
        }

        candidate = new Candidate
        {
            Foundation = foundation.ToString(),
            ComponentId = (int)component,
            Transport = transport,
            TcpType = tcpType,
            Priority = (uint)priority,
            Address = address.IsNone ? default : address.WithPort((int)port),
            HostName = address.IsNone ? host.ToString() : null,
            HostPort = address.IsNone ? (int)port : 0,
            Type = type,
            RelatedAddress = type == CandidateType.Host ? null : related,
            Extensions = extensions is null ? [] : extensions,
        };
        return CandidateAttributeStatus.Ok;
    }

    private static CandidateAttributeStatus ReadHost(ReadOnlySpan<char> text, out TransportAddress address)
    {
        address = default;
        int zone = text.IndexOf('%');
        if (zone >= 0)
        {
            return TransportAddress.TryParseAddress(text[..zone], 0, out _) && text[..zone].Contains(':')
                ? CandidateAttributeStatus.UnsupportedAddress
                : CandidateAttributeStatus.MalformedAddress;
        }

        if (TransportAddress.TryParseAddress(text, 0, out address) || SdpGrammar.IsMdnsName(text))
        {
            return CandidateAttributeStatus.Ok;
        }

        return SdpGrammar.IsHostName(text)
            ? CandidateAttributeStatus.UnsupportedAddress
            : CandidateAttributeStatus.MalformedAddress;
    }

    // Where the line ended early, that is the fault, whatever the field is.
    private readonly CandidateAttributeStatus Fault(CandidateAttributeStatus status)
        => FieldStart == _text.Length && _ended ? CandidateAttributeStatus.Incomplete : status;

    private CandidateAttributeStatus ReadRelated(out TransportAddress? related)
    {
        related = null;
        TransportAddress address = default;
        if (TryTake(CandidateKeywords.RelatedAddress))
        {
            ReadOnlySpan<char> host = Next();
            if (host.Length == 0 || !SdpGrammar.IsVisible(host))
            {
                return CandidateAttributeStatus.MalformedRelatedAddress;
            }

            // It is for diagnostics: an address that cannot be read is none.
            if (host.Contains('%') || !TransportAddress.TryParseAddress(host, 0, out address) || address.IsUnspecified)
            {
                address = default;
            }
        }

        long port = 0;
        if (TryTake(CandidateKeywords.RelatedPort)
            && !SdpGrammar.TryReadNumber(Next(), CandidateAttribute.MaxLength, ushort.MaxValue, out port))
        {
            return CandidateAttributeStatus.MalformedRelatedAddress;
        }

        if (!address.IsNone)
        {
            related = address.WithPort((int)port);
        }

        return CandidateAttributeStatus.Ok;
    }

    private CandidateAttributeStatus ReadExtensions(
        CandidateTransport transport, out TcpCandidateType tcpType, out List<KeyValuePair<string, string>>? extensions)
    {
        tcpType = TcpCandidateType.None;
        extensions = null;
        while (!_ended)
        {
            ReadOnlySpan<char> name = Next();
            if (_ended || !SdpGrammar.IsToken(name))
            {
                return CandidateAttributeStatus.MalformedExtension;
            }

            int nameStart = FieldStart;
            ReadOnlySpan<char> value = Next();
            if (!SdpGrammar.IsVisible(value))
            {
                return CandidateAttributeStatus.MalformedExtension;
            }

            if (transport == CandidateTransport.Tcp && SdpGrammar.Matches(name, CandidateKeywords.TcpType))
            {
                if (tcpType != TcpCandidateType.None)
                {
                    FieldStart = nameStart;
                    return CandidateAttributeStatus.MalformedTcpType;
                }

                if (!CandidateKeywords.TryReadTcpType(value, out tcpType))
                {
                    return CandidateAttributeStatus.MalformedTcpType;
                }
            }
            else if (!CandidateKeywords.IsReserved(name, transport) && (extensions?.Count ?? 0) < CandidateAttribute.MaxExtensions)
            {
                (extensions ??= []).Add(new KeyValuePair<string, string>(name.ToString(), value.ToString()));
            }
        }

        if (transport == CandidateTransport.Tcp && tcpType == TcpCandidateType.None)
        {
            FieldStart = _text.Length;
            return CandidateAttributeStatus.MalformedTcpType;
        }

        return CandidateAttributeStatus.Ok;
    }

    // The text up to the next space, which is consumed; empty at the end.
    private ReadOnlySpan<char> Next()
    {
        FieldStart = _next;
        ReadOnlySpan<char> rest = _text[_next..];
        int space = rest.IndexOf(' ');
        _ended = space < 0;
        _next += _ended ? rest.Length : space + 1;
        return _ended ? rest : rest[..space];
    }

    private bool TryTake(string keyword)
    {
        ReadOnlySpan<char> rest = _text[_next..];
        if (_ended || rest.Length <= keyword.Length || rest[keyword.Length] != ' ' || !SdpGrammar.Matches(rest[..keyword.Length], keyword))
        {
            return false;
        }

        Next();
        return true;
    }
}
