using System.Text;
using Stack.Ice;

namespace Stack.Fuzz;

/// <summary>
/// Candidate lines: nothing throws, a fault lies within the line, and what is read can be written and is then read as the same, unless it is longer than what
/// may be written.
/// </summary>
internal sealed class CandidateTarget : IFuzzTarget
{
    public long Accepted { get; private set; }

    public void Dispose()
    {
    }

    public string? Run(byte[] input)
    {
        // An array of exactly the size: a read behind the end throws.
        char[] text = Encoding.Latin1.GetChars(input);
        CandidateAttributeStatus status = CandidateAttribute.Parse(text, out Candidate? candidate, out int position);
        if (position < 0 || position > text.Length)
        {
            return $"position {position} of {text.Length}";
        }

        if (candidate is null)
        {
            return status == CandidateAttributeStatus.Ok ? "no candidate" : null;
        }

        if (status != CandidateAttributeStatus.Ok)
        {
            return $"a candidate with {status}";
        }

        Accepted++;
        status = CandidateAttribute.Validate(candidate);
        if (status == CandidateAttributeStatus.TooLong)
        {
            return null;
        }

        if (status != CandidateAttributeStatus.Ok)
        {
            return $"read and then refused: {status}";
        }

        string line = CandidateAttribute.Format(candidate);
        if (line.Length > CandidateAttribute.MaxWrittenLength)
        {
            return $"{line.Length} characters";
        }

        if (CandidateAttribute.Parse(line, out Candidate? again, out _) != CandidateAttributeStatus.Ok || !candidate.Equals(again))
        {
            return $"not read back: {line}";
        }

        return CandidateAttribute.Format(again) == line ? null : $"not one form: {line}";
    }
}
