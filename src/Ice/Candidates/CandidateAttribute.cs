using System;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Ice;

/// <summary>
/// Reads and writes candidates as SDP and trickling carry them (RFC 8839 section 5.1, RFC 6544 section 4.5, RFC 8838 section 9), and is the one place that
/// says which candidates can be told at all. Pure functions; reading never throws.
/// </summary>
/// <remarks>
/// Reading takes what the grammar allows, and in addition what agents in the field send: related addresses that are missing, names or of a host candidate
/// (they are for diagnostics, so what cannot be used is left out), and any port of an active TCP candidate, to which nobody connects (it becomes 9).
/// </remarks>
public static class CandidateAttribute
{
    /// <summary>The longest line that is read, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>The longest line that is written, in characters, prefix included.</summary>
    public const int MaxWrittenLength = 512;

    /// <summary>The extensions of a candidate that are kept; what comes behind them is checked and dropped.</summary>
    public const int MaxExtensions = 16;

    internal const string Prefix = "candidate:";

    /// <summary>Reads a line, with <c>a=candidate:</c>, <c>candidate:</c> or neither in front, and without a line end.</summary>
    /// <param name="text">The line.</param>
    /// <param name="candidate">The candidate; null unless the status is <see cref="CandidateAttributeStatus.Ok"/>.</param>
    /// <param name="position">Where in <paramref name="text"/> the field starts that is at fault or not supported; 0 for a candidate.</param>
    public static CandidateAttributeStatus Parse(ReadOnlySpan<char> text, out Candidate? candidate, out int position)
    {
        candidate = null;
        position = 0;
        if (text.Length > MaxLength)
        {
            position = MaxLength;
            return CandidateAttributeStatus.TooLong;
        }

        int start = text.StartsWith("a=") ? 2 : 0;
        bool hasPrefix = text.Length >= start + Prefix.Length && SdpGrammar.Matches(text.Slice(start, Prefix.Length), Prefix);
        start = hasPrefix ? start + Prefix.Length : 0;
        CandidateAttributeStatus status = ParseValue(text[start..], out candidate, out position);
        position += status == CandidateAttributeStatus.Ok ? 0 : start;
        return status;
    }

    /// <summary>Reads a line where the reason of a failure is of no interest.</summary>
    /// <param name="text">The line.</param>
    /// <param name="candidate">The candidate; null on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Candidate? candidate)
        => Parse(text, out candidate, out _) == CandidateAttributeStatus.Ok;

    /// <summary>
    /// Writes a candidate as <c>candidate:</c> and its fields, in the one form that <see cref="Parse"/> reads back to an equal candidate, as long as a related
    /// address is told. In place of one that is not, 0.0.0.0 or :: and port 9 are written.
    /// </summary>
    /// <param name="candidate">The candidate. Zones of addresses are not written.</param>
    /// <exception cref="ArgumentException"><see cref="Validate"/> finds fault with it.</exception>
    public static string Format(Candidate candidate)
    {
        Span<char> buffer = stackalloc char[MaxWrittenLength];
        CandidateAttributeStatus status = Write(candidate, buffer, out int length);
        return status == CandidateAttributeStatus.Ok
            ? buffer[..length].ToString()
            : throw new ArgumentException($"The candidate cannot be told: {status}.", nameof(candidate));
    }

    /// <summary>Whether a candidate can be told, and if not, which of its fields is at fault.</summary>
    /// <param name="candidate">The candidate.</param>
    public static CandidateAttributeStatus Validate(Candidate candidate)
    {
        Span<char> buffer = stackalloc char[MaxWrittenLength];
        return Write(candidate, buffer, out _);
    }

    /// <summary>Reads what stands behind the colon.</summary>
    internal static CandidateAttributeStatus ParseValue(ReadOnlySpan<char> value, out Candidate? candidate, out int position)
    {
        candidate = null;
        if (value.Length > MaxLength)
        {
            position = MaxLength;
            return CandidateAttributeStatus.TooLong;
        }

        var reader = new CandidateAttributeReader(value);
        CandidateAttributeStatus status = reader.Read(out candidate);
        position = status == CandidateAttributeStatus.Ok ? 0 : reader.FieldStart;
        return status;
    }

    private static CandidateAttributeStatus Write(Candidate candidate, Span<char> buffer, out int length)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        CandidateAttributeStatus status = CandidateRules.Check(candidate);
        if (status != CandidateAttributeStatus.Ok)
        {
            length = 0;
            return status;
        }

        var writer = new CandidateAttributeWriter(buffer);
        return writer.TryWrite(candidate, out length) ? CandidateAttributeStatus.Ok : CandidateAttributeStatus.TooLong;
    }
}
