using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Writes a log record as one line, whatever text it holds: it can neither end the line nor pass for another field.</summary>
internal static class LogLine
{
    private const int MaxFields = 72;

    // Enough for where in the code a defect was met.
    private const int MaxValueLength = 2048;

    public static string Format(ServerLogRecord record, DateTimeOffset time, LogFormat format)
        => format == LogFormat.Json ? FormatJson(record, time) : FormatText(record, time);

    private static string FormatText(ServerLogRecord record, DateTimeOffset time)
    {
        var line = new StringBuilder(256);
        line.Append(Time(time)).Append(' ').Append(Level(record.Level)).Append(' ').Append(SafeText.Of(record.Class));
        if (record.Source is { } source)
        {
            line.Append(' ').Append(source.ToString());
        }

        line.Append(": ").Append(SafeText.Of(record.Message));
        for (int i = 0; i < Math.Min(record.Fields.Count, MaxFields); i++)
        {
            ServerLogField field = record.Fields[i];
            line.Append(' ').Append(SafeText.Of(field.Name)).Append('=');
            AppendValue(line, field);
        }

        return line.ToString();
    }

    private static void AppendValue(StringBuilder line, ServerLogField field)
    {
        if (field.Text is not { } text)
        {
            line.Append(field.ToString());
            return;
        }

        // Escaping writes backslashes of its own, so those that were there are doubled first.
        string escaped = SafeText.Escape(SafeText.Shorten(text, MaxValueLength).Replace("\\", "\\\\", StringComparison.Ordinal));
        if (escaped.Length != 0 && !escaped.AsSpan().ContainsAny(" \"=\\"))
        {
            line.Append(escaped);
            return;
        }

        line.Append('"').Append(escaped.Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
    }

    private static string FormatJson(ServerLogRecord record, DateTimeOffset time)
    {
        using var buffer = new MemoryStream();

        // The default encoder escapes everything outside printable ASCII.
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", Time(time));
            json.WriteString("level", Level(record.Level));
            json.WriteString("class", Whole(record.Class));
            if (record.Source is { } source)
            {
                json.WriteString("source", source.ToString());
            }

            json.WriteString("message", Whole(record.Message));
            WriteFields(json, record);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteFields(Utf8JsonWriter json, ServerLogRecord record)
    {
        if (record.Fields.Count == 0)
        {
            return;
        }

        json.WriteStartObject("fields");
        for (int i = 0; i < Math.Min(record.Fields.Count, MaxFields); i++)
        {
            ServerLogField field = record.Fields[i];
            string name = Whole(field.Name);
            if (field.Number is { } number)
            {
                json.WriteNumber(name, number);
            }
            else if (field.Flag is { } flag)
            {
                json.WriteBoolean(name, flag);
            }
            else
            {
                json.WriteString(name, Whole(field.ToString(), MaxValueLength));
            }
        }

        json.WriteEndObject();
    }

    // What is half a character is none, and JSON has no way to write it.
    private static string Whole(string text, int maxLength = SafeText.MaxLength)
    {
        string shortened = SafeText.Shorten(text, maxLength);
        StringBuilder? whole = null;
        for (int i = 0; i < shortened.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(shortened[i]) && i + 1 < shortened.Length && char.IsLowSurrogate(shortened[i + 1]);
            if (char.IsSurrogate(shortened[i]) && !isPair)
            {
                whole ??= new StringBuilder(shortened);
                whole[i] = '\uFFFD';
            }
            else if (isPair)
            {
                i++;
            }
        }

        return whole?.ToString() ?? shortened;
    }

    private static string Time(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Level(ServerLogLevel level) => level switch
    {
        ServerLogLevel.Debug => "debug",
        ServerLogLevel.Information => "info",
        ServerLogLevel.Warning => "warning",
        _ => "error",
    };
}
