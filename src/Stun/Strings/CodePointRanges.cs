using System;

namespace Stack.Stun;

/// <summary>
/// Membership of a code point in a table of ascending, disjoint ranges, each stored as its first and its last code point.
/// </summary>
internal static class CodePointRanges
{
    /// <summary>Searches in a number of steps that is logarithmic in the number of ranges.</summary>
    public static bool Contains(ReadOnlySpan<int> pairs, int codePoint)
    {
        int low = 0;
        int high = pairs.Length / 2;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (codePoint > pairs[(2 * middle) + 1])
            {
                low = middle + 1;
            }
            else if (codePoint < pairs[2 * middle])
            {
                high = middle;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
