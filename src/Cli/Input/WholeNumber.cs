using System;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stack.Cli;

/// <summary>Whole numbers on the command line, in decimal digits alone.</summary>
internal static class WholeNumber
{
    public static Func<ArgumentResult, int?> Between(int least, int most) => result =>
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        result.AddError($"'{text}' is not a whole number from {least} to {most}.");
        return null;
    };
}
