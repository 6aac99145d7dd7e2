using System.Text;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary>The rule for everything that is printed, written independently of the code that keeps it (security.md V64).</summary>
internal static class SafeOutput
{
    public static bool IsHostile(Rune rune) => rune.Value
        is < 0x20 or (>= 0x7F and <= 0x9F)
        or 0x061C or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E)
        or (>= 0x2060 and <= 0x2064) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xE0001 or (>= 0xE0020 and <= 0xE007F);

    public static bool IsSafe(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsHostile(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Checks what a run has printed; line feeds are the tool's own.</summary>
    public static void Check(CliRun run)
    {
        Assert.True(IsSafe(run.Output.Replace("\n", "")), run.Output);
        Assert.True(IsSafe(run.Error.Replace("\n", "")), run.Error);
    }
}
