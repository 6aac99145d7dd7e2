using System;
using System.Collections.Generic;
using System.Globalization;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Writes a candidate that has been checked into a buffer of the longest length allowed.</summary>
internal ref struct CandidateAttributeWriter(Span<char> buffer)
{
    private readonly Span<char> _buffer = buffer;
    private int _length;
    private bool _isFull;

    public bool TryWrite(Candidate candidate, out int length)
    {
        Append(CandidateAttribute.Prefix);
        Append(candidate.Foundation);
        Append(' ', candidate.ComponentId);
        AppendWord(CandidateKeywords.Of(candidate.Transport));
        Append(' ', candidate.Priority);
        if (candidate.HostName is { } name)
        {
            AppendWord(name);
            Append(' ', candidate.HostPort);
        }
        else
        {
            AppendAddress(candidate.Address);
            Append(' ', candidate.Address.Port);
        }

        AppendWord(CandidateKeywords.Type);
        AppendWord(CandidateKeywords.Of(candidate.Type));
        if (candidate.Type != CandidateType.Host)
        {
            AppendRelated(candidate);
        }

        if (candidate.TcpType != TcpCandidateType.None)
        {
            AppendWord(CandidateKeywords.TcpType);
            AppendWord(CandidateKeywords.Of(candidate.TcpType));
        }

        foreach (KeyValuePair<string, string> extension in candidate.Extensions)
        {
            AppendWord(extension.Key);
            AppendWord(extension.Value);
        }

        length = _isFull ? 0 : _length;
        return !_isFull;
    }

    // RFC 8839 section 5.1: a related address that is not told is the unspecified one of the candidate's family, with port 9.
    private void AppendRelated(Candidate candidate)
    {
        AppendWord(CandidateKeywords.RelatedAddress);
        if (candidate.RelatedAddress is { IsUnspecified: false } related)
        {
            AppendAddress(related);
            AppendWord(CandidateKeywords.RelatedPort);
            Append(' ', related.Port);
            return;
        }

        AppendWord(candidate.Address.Family == StunAddressFamily.IPv6 ? "::" : "0.0.0.0");
        AppendWord(CandidateKeywords.RelatedPort);
        Append(' ', CandidateKeywords.DiscardPort);
    }

    private void AppendAddress(TransportAddress address) => AppendWord(SdpAddress.Format(address));

    private void AppendWord(scoped ReadOnlySpan<char> word)
    {
        Append(" ");
        Append(word);
    }

    private void Append(scoped ReadOnlySpan<char> text)
    {
        _isFull |= !text.TryCopyTo(_buffer[_length..]);
        _length += _isFull ? 0 : text.Length;
    }

    private void Append(char separator, long number)
    {
        Span<char> digits = stackalloc char[20];
        digits[0] = separator;
        number.TryFormat(digits[1..], out int written, default, CultureInfo.InvariantCulture);
        Append(digits[..(written + 1)]);
    }
}
