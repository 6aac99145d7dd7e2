using System.Linq;
using System.Text;
using Stack.Ice;

namespace Stack.Fuzz;

/// <summary>
/// Session descriptions, and the same text as a fragment: nothing throws, bounds hold, and what is read can be written and is then read as the same, unless
/// it is something that must not be written.
/// </summary>
internal sealed class DescriptionTarget : IFuzzTarget
{
    public long Accepted { get; private set; }

    public void Dispose()
    {
    }

    public string? Run(byte[] input)
    {
        char[] text = Encoding.Latin1.GetChars(input);
        IceDescriptionStatus status = IceSessionDescription.Parse(text, out IceSessionDescription? description, out IceDescriptionFault fault);
        string? broken = Check(text, status, description, fault);
        if (broken is not null)
        {
            return broken;
        }

        if (description is not null && description.TryFormat(out string? written))
        {
            Accepted++;
            if (IceSessionDescription.Parse(written, out IceSessionDescription? again, out _) != IceDescriptionStatus.Ok || !Written(description).Equals(again))
            {
                return $"not read back: {written}";
            }

            if (again.Format() != written)
            {
                return $"not one form: {written}";
            }
        }

        status = IceSessionDescription.ParseFragment(text, out IceSessionDescription? fragment, out fault);
        return Check(text, status, fragment, fault);
    }

    // Counters of what was skipped are not written.
    private static IceSessionDescription Written(IceSessionDescription description) => description with
    {
        Media = [.. description.Media.Select(static medium => medium with { IgnoredCandidates = 0, DroppedCandidates = 0, RefusedCandidates = [] })],
    };

    private static string? Check(char[] text, IceDescriptionStatus status, IceSessionDescription? description, IceDescriptionFault fault)
    {
        if (fault.Position < 0 || fault.Position > text.Length)
        {
            return $"position {fault.Position} of {text.Length}";
        }

        if (description is null)
        {
            return status == IceDescriptionStatus.Ok ? "no description" : null;
        }

        if (status != IceDescriptionStatus.Ok)
        {
            return $"a description with {status}";
        }

        int candidates = 0;
        int refused = 0;
        for (int i = 0; i < description.Media.Count; i++)
        {
            candidates += description.Media[i].Candidates.Count;
            refused += description.Media[i].RefusedCandidates.Count;
            if (description.Media[i].RefusedCandidates.Any(one => one.Position > text.Length || one.Reason is CandidateAttributeStatus.Ok or >= CandidateAttributeStatus.UnknownTransport))
            {
                return "a refusal without position and reason";
            }

            bool hasParameters = description.ParametersOf(i) is not null;
            if (!hasParameters && description.SupportOf(i) is IceSupport.Supported or IceSupport.Mismatch)
            {
                return "ICE without credentials";
            }
        }

        return candidates > IceSessionDescription.MaxCandidates || refused > IceSessionDescription.MaxCandidates
            ? $"{candidates} candidates, {refused} refused"
            : null;
    }
}
