using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>Takes members out of JSON objects of one message and remembers whether any was not what it has to be. Null counts as absent.</summary>
internal sealed class MemberReader
{
    /// <summary>Whether all was as it has to be so far.</summary>
    public bool Ok { get; private set; } = true;

    /// <summary>Says that something is not as it has to be.</summary>
    public void Fail() => Ok = false;

    /// <summary>A member of whatever kind; false where it is absent.</summary>
    public static bool TryGet(JsonElement parent, string name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value);
    }

    /// <summary>A text that may be absent.</summary>
    public string? Text(JsonElement parent, string name)
    {
        if (!TryGet(parent, name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Ok = false;
        return null;
    }

    /// <summary>A text that has to be there.</summary>
    public string NeedText(JsonElement parent, string name)
    {
        string? text = Text(parent, name);
        Ok &= text is not null;
        return text ?? "";
    }

    /// <summary>A whole number that may be absent.</summary>
    public int? Number(JsonElement parent, string name, int least = 0, int most = int.MaxValue)
    {
        if (!TryGet(parent, name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most)
        {
            return number;
        }

        Ok = false;
        return null;
    }

    /// <summary>A whole number that has to be there.</summary>
    public int NeedNumber(JsonElement parent, string name, int least = 0)
    {
        int? number = Number(parent, name, least);
        Ok &= number is not null;
        return number ?? least;
    }

    /// <summary>A count beyond the range of <see cref="Number"/> that has to be there.</summary>
    public long NeedLong(JsonElement parent, string name)
    {
        if (TryGet(parent, name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0)
        {
            return number;
        }

        Ok = false;
        return 0;
    }

    /// <summary>A truth that may be absent, which is false.</summary>
    public bool Flag(JsonElement parent, string name)
    {
        if (!TryGet(parent, name, out JsonElement value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return false;
        }

        Ok &= value.ValueKind == JsonValueKind.True;
        return Ok;
    }

    /// <summary>Milliseconds that may be absent.</summary>
    public TimeSpan? Milliseconds(JsonElement parent, string name)
        => Number(parent, name) is { } number ? TimeSpan.FromMilliseconds(number) : null;

    /// <summary>A time that may be absent; what is not one is none.</summary>
    public DateTimeOffset Time(JsonElement parent, string name)
        => Text(parent, name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : default;

    /// <summary>An object that has to be there.</summary>
    public JsonElement NeedObject(JsonElement parent, string name)
    {
        bool found = TryGet(parent, name, out JsonElement value) && value.ValueKind == JsonValueKind.Object;
        Ok &= found;
        return found ? value : default;
    }

    /// <summary>The elements of an array that may be absent.</summary>
    public IEnumerable<JsonElement> Array(JsonElement parent, string name)
    {
        if (!TryGet(parent, name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        Ok = false;
        return [];
    }
}
