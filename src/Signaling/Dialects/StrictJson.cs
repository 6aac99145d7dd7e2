using System;
using System.Text.Json;
using System.Text.Unicode;

namespace Stack.Signaling;

/// <summary>JSON as strangers may send it: nothing is in it twice, nothing deep, no half characters, no numbers beyond all numbers.</summary>
internal static class StrictJson
{
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads an object; null where it is not one, or not good.</summary>
    public static JsonDocument? ParseObject(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return null;
        }

        JsonDocument document;
        try
        {
            if (!HasWholeValues(utf8))
            {
                return null;
            }

            document = JsonDocument.Parse(utf8.ToArray(), Options);
        }
        catch (JsonException)
        {
            return null;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    /// <summary>Whether text is one good value.</summary>
    public static bool IsArray(string json)
    {
        using JsonDocument? document = ParseObject(System.Text.Encoding.UTF8.GetBytes("{\"\":" + json + "}"));
        return document is not null && document.RootElement.GetProperty(""u8).ValueKind == JsonValueKind.Array && document.RootElement.GetPropertyCount() == 1;
    }

    // The document would take "\ud800" for a string and throw when it is read, and 1e999 for a number.
    private static bool HasWholeValues(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            bool good = reader.TokenType switch
            {
                JsonTokenType.String or JsonTokenType.PropertyName => !reader.ValueIsEscaped || HasWholeCharacters(reader.ValueSpan),
                JsonTokenType.Number => reader.TryGetDouble(out double number) && double.IsFinite(number),
                _ => true,
            };
            if (!good)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasWholeCharacters(ReadOnlySpan<byte> escaped)
    {
        bool high = false;
        for (int i = 0; i < escaped.Length; i++)
        {
            int unit = 0;
            if (escaped[i] == (byte)'\\')
            {
                i++;
                if (escaped[i] == (byte)'u')
                {
                    if (!System.Buffers.Text.Utf8Parser.TryParse(escaped.Slice(i + 1, 4), out unit, out _, 'x'))
                    {
                        return false;
                    }

                    i += 4;
                }
            }

            bool low = unit is >= 0xDC00 and <= 0xDFFF;
            if (low != high)
            {
                return false;
            }

            high = unit is >= 0xD800 and <= 0xDBFF;
        }

        return !high;
    }
}
