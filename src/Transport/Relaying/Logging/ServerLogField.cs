using System;
using System.Globalization;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>A named value of a log record: text, a whole number, or true or false. Text may come from the network as it is.</summary>
public readonly record struct ServerLogField
{
    /// <summary>A field with text.</summary>
    /// <param name="name">The name, in camelCase, never from the network.</param>
    /// <param name="value">The text, unescaped; never a secret.</param>
    public ServerLogField(string name, string value)
    {
        Name = name;
        Text = value;
    }

    /// <summary>A field with a whole number.</summary>
    /// <param name="name">The name, in camelCase; the unit at its end where there is one.</param>
    /// <param name="value">The number.</param>
    public ServerLogField(string name, long value)
    {
        Name = name;
        Number = value;
    }

    /// <summary>A field that is true or false.</summary>
    /// <param name="name">The name, in camelCase.</param>
    /// <param name="value">The value.</param>
    public ServerLogField(string name, bool value)
    {
        Name = name;
        Flag = value;
    }

    /// <summary>A field with an endpoint.</summary>
    /// <param name="name">The name, in camelCase.</param>
    /// <param name="value">The endpoint.</param>
    public ServerLogField(string name, TransportAddress value)
        : this(name, value.ToString())
    {
    }

    /// <summary>A field with a duration in whole milliseconds.</summary>
    /// <param name="name">The name, in camelCase and with <c>Ms</c> at its end.</param>
    /// <param name="value">The duration.</param>
    public ServerLogField(string name, TimeSpan value)
        : this(name, (long)value.TotalMilliseconds)
    {
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The text; null where it is of another kind.</summary>
    public string? Text { get; }

    /// <summary>The number; null where it is of another kind.</summary>
    public long? Number { get; }

    /// <summary>True or false; null where it is of another kind.</summary>
    public bool? Flag { get; }

    /// <summary>The value as text, unescaped.</summary>
    public override string ToString() => Text
        ?? Number?.ToString(CultureInfo.InvariantCulture)
        ?? (Flag == true ? "true" : Flag == false ? "false" : "");
}
