using System;
using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>Writes the objects of all dialects but VILLASnode's.</summary>
internal static class JsonText
{
    // The text goes into WebSocket messages, never into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one object.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The members of an object as they were written, but for some.</summary>
    public static string Members(JsonElement parent, params ReadOnlySpan<string> without)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in parent.EnumerateObject())
            {
                if (!without.Contains(member.Name))
                {
                    writer.WritePropertyName(member.Name);
                    writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan[1..^1]);
    }

    /// <summary>An element without blanks.</summary>
    public static string Compact(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            element.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An object of one member and some that are written already, with the one first or last.</summary>
    public static byte[] Joined(string members, string name, string value, bool first)
        => Encoding.UTF8.GetBytes(first ? "{" + With(Member(name, Quoted(value)), members) + "}" : "{" + With(members, Member(name, Quoted(value))) + "}");

    /// <summary>An object of some members that are written already, and a number.</summary>
    public static byte[] Joined(string members, string name, int value)
        => Encoding.UTF8.GetBytes("{" + With(members, Member(name, value.ToString(CultureInfo.InvariantCulture))) + "}");

    /// <summary>Members that are written already, and one more.</summary>
    public static string With(string members, string name, string value) => With(members, Member(name, Quoted(value)));

    /// <summary>Writes a text member unless there is none.</summary>
    public static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string With(string members, string others)
        => members.Length == 0 || others.Length == 0 ? members + others : members + "," + others;

    private static string Member(string name, string json) => Quoted(name) + ":" + json;

    private static string Quoted(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";
}
