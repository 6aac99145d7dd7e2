using System;
using System.IO;
using System.Net;
using System.Text;
using System.Text.Json;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>Writes the objects that scripts read: one a line, everything outside printable ASCII escaped.</summary>
internal static class JsonOutput
{
    public const int Schema = 1;

    /// <summary>Writes an object with the common keys and those that the caller adds.</summary>
    public static void WriteJson(this Terminal terminal, string command, Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("command", command);
            body(json);
            json.WriteEndObject();
        }

        // Outside of strings there is nothing but ASCII, and DEL is the one control that JSON lets pass.
        terminal.Raw(Encoding.UTF8.GetString(buffer.ToArray()).Replace("\u007f", "\\u007f", StringComparison.Ordinal));
    }

    /// <summary>Writes the object of a failed command.</summary>
    public static void WriteJsonFailure(this Terminal terminal, string command, Failure failure)
        => terminal.WriteJson(command, json => WriteFailure(json, failure));

    /// <summary>Adds the member <c>error</c>.</summary>
    public static void WriteFailure(this Utf8JsonWriter json, Failure failure)
    {
        json.WriteStartObject("error");
        json.WriteString("code", failure.Code);
        json.WriteString("message", failure.Message);
        json.WriteString("hint", failure.Hint);
        if (failure.Reason is not null)
        {
            json.WriteString("reason", failure.Reason);
        }

        json.WriteEndObject();
    }

    /// <summary>Adds a text that came from the network.</summary>
    public static void WriteForeign(this Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, SafeText.Shorten(text));
        }
    }

    public static void WriteEndPoint(this Utf8JsonWriter json, string name, IPEndPoint? endPoint)
        => WriteText(json, name, endPoint?.ToString());

    public static void WriteEndPoint(this Utf8JsonWriter json, string name, TransportAddress? address)
        => WriteText(json, name, address is { IsNone: false } one ? one.ToString() : null);

    /// <summary>Adds a duration in milliseconds, exact to the microsecond.</summary>
    public static void WriteMilliseconds(this Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { } value)
        {
            json.WriteNumber(name, Math.Round(value.TotalMilliseconds, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteFlag(this Utf8JsonWriter json, string name, bool? flag)
    {
        if (flag is { } value)
        {
            json.WriteBoolean(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteText(this Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, text);
        }
    }
}
