using System;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stack.Cli;

/// <summary>Durations on the command line: seconds as a decimal number, or with a unit: <c>1.5</c>, <c>500ms</c>, <c>10s</c>, <c>2m</c>.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan? ParsePositive(ArgumentResult result)
    {
        if (TryParse(result.Tokens[0].Value, out TimeSpan duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        result.AddError($"'{result.Tokens[0].Value}' is not a duration: write seconds, such as 5 or 0.5, above 0 and up to a day.");
        return null;
    }

    public static TimeSpan? ParseFromZero(ArgumentResult result)
    {
        if (TryParse(result.Tokens[0].Value, out TimeSpan duration))
        {
            return duration;
        }

        result.AddError($"'{result.Tokens[0].Value}' is not a duration: write seconds, such as 1 or 0.2, up to a day.");
        return null;
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        (string number, double unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1),
            _ when text.EndsWith('m') => (text[..^1], 60),
            _ => (text, 1.0),
        };
        duration = default;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            || !(value * unit <= Longest.TotalSeconds))
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(value * unit);
        return true;
    }
}
