using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Stack.Cli;

/// <summary>A flag of <c>serve</c> that is a key of the configuration too, so that both are read by the same rules.</summary>
internal sealed class ServeFlag
{
    private readonly ServeFlagKind _kind;
    private readonly Option _option;

    public ServeFlag(string name, ServeFlagKind kind, string description, string? helpName = null)
    {
        Name = name;
        _kind = kind;
        string option = "--" + name;
        _option = kind switch
        {
            ServeFlagKind.Flag => new Option<bool?>(option) { Description = description, Arity = ArgumentArity.ZeroOrOne },
            ServeFlagKind.List or ServeFlagKind.Limit => new Option<string[]?>(option) { Description = description, HelpName = helpName },
            _ => new Option<string?>(option) { Description = description, HelpName = helpName },
        };
    }

    public string Name { get; }

    public void AddTo(Command command) => command.Add(_option);

    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_option) is { Implicit: false };

    /// <summary>The text of a flag that takes one; null where it was not given.</summary>
    public string? GetText(ParseResult parsed) => _option is Option<string?> text ? parsed.GetValue(text) : null;

    /// <summary>Writes the flag as the member of a configuration that it is.</summary>
    public void Write(Utf8JsonWriter json, ParseResult parsed)
    {
        string[] values = _option switch
        {
            Option<string[]?> list => parsed.GetValue(list) ?? [],
            Option<string?> text => [parsed.GetValue(text) ?? ""],
            _ => [],
        };
        switch (_kind)
        {
            case ServeFlagKind.Flag:
                json.WriteBoolean(Name, parsed.GetValue((Option<bool?>)_option) ?? true);
                break;
            case ServeFlagKind.List:
                json.WriteStartArray(Name);
                foreach (string value in values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
                break;
            case ServeFlagKind.Limit:
                json.WriteStartObject(Name + "s");
                foreach (string value in values)
                {
                    WriteLimit(json, value);
                }

                json.WriteEndObject();
                break;
            case ServeFlagKind.Number:
                WriteNumber(json, Name, values[0]);
                break;
            default:
                json.WriteString(Name, values[0]);
                break;
        }
    }

    private static void WriteLimit(Utf8JsonWriter json, string value)
    {
        int equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw CommandException.Usage(
                "A limit is NAME=NUMBER.",
                "For one: --limit allocations-per-user=20, names in docs/turn-server.md; --signal-limit peers=4, names in docs/signaling.md.");
        }

        WriteNumber(json, value[..equals], value[(equals + 1)..]);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, string value)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(value, Plain, CultureInfo.InvariantCulture, out decimal number))
        {
            throw CommandException.Usage($"--{SafeText.Of(name)} is a number.", "Digits, and a point before a fraction.");
        }

        json.WriteNumber(name, number);
    }
}
