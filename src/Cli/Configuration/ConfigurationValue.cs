using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Stack.Cli;

/// <summary>A value of a configuration with the place where it stands, and the questions that may be asked of it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="File">The file that it stands in.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Key">The key that it belongs to.</param>
/// <param name="Text">A string as it is meant, a number as it is written; else empty.</param>
internal sealed record ConfigurationValue(JsonValueKind Kind, string File, int Line, string Key, string Text = "")
{
    /// <summary>The values of an array.</summary>
    public List<ConfigurationValue> Items { get; } = [];

    /// <summary>The members of an object; each value knows its name as the end of its key.</summary>
    public List<(string Name, ConfigurationValue Value)> Members { get; } = [];

    public ConfigurationException Error(string message) => new(new ConfigurationError(File, Line, Key, message));

    public string ReadText() => Kind == JsonValueKind.String && Text.Length != 0 ? Text : throw Error("a string is needed here, not an empty one");

    public bool ReadFlag() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error("true or false is needed here, without quotes"),
    };

    public int ReadWhole(int least, int most)
        => Kind == JsonValueKind.Number
            && int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= least
            && value <= most
            ? value
            : throw Error(string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most} is needed here"));

    public decimal ReadNumber(decimal least, decimal most, bool isWhole)
        => Kind == JsonValueKind.Number
            && decimal.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value >= least
            && value <= most
            && (!isWhole || decimal.IsInteger(value))
            ? value
            : throw Error(string.Create(
                CultureInfo.InvariantCulture,
                $"{(isWhole ? "a whole number" : "a number of seconds")} from {least} to {most} is needed here"));

    /// <summary>A string, or an array of strings.</summary>
    public IEnumerable<ConfigurationValue> ReadList()
    {
        if (Kind == JsonValueKind.Array)
        {
            return Items;
        }

        ReadText();
        return [this];
    }

    public List<(string Name, ConfigurationValue Value)> ReadMembers()
        => Kind == JsonValueKind.Object ? Members : throw Error("an object is needed here, in braces");
}
