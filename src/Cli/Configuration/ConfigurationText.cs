using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Stack.Cli;

/// <summary>
/// Reads strict JSON into values that know their lines: UTF-8 without a mark, no tabs, no comments, no trailing commas, no key twice, no more
/// than a few levels.
/// </summary>
internal ref struct ConfigurationText
{
    /// <summary>The most bytes of a configuration.</summary>
    public const int MaxSize = 1024 * 1024;

    private const int MaxDepth = 4;

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private string _key = "";
    private int _counted;
    private int _line = 1;

    private ConfigurationText(ReadOnlySpan<byte> bytes, string file)
    {
        _file = file;
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes);
    }

    /// <summary>Reads the object that a configuration is.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="file">The name for errors.</param>
    /// <exception cref="ConfigurationException">It is none.</exception>
    public static ConfigurationValue Parse(ReadOnlySpan<byte> bytes, string file)
    {
        CheckBytes(bytes, file);
        var text = new ConfigurationText(bytes, file);
        try
        {
            text._reader.Read();
            ConfigurationValue root = text.ReadValue("");
            if (root.Kind != JsonValueKind.Object)
            {
                throw root.Error("a configuration is one object, in braces");
            }

            // Whatever else there is makes the reader throw.
            text._reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            // The words of the exception show a piece of the text.
            int line = (int)(error.LineNumber ?? 0) + 1;
            throw new ConfigurationException(new ConfigurationError(
                file,
                line,
                text._key,
                "this is no JSON: look for a missing or an extra comma, quote or brace; comments are not allowed"));
        }
        catch (InvalidOperationException)
        {
            throw text.Fail("a string has half a character (a lone surrogate)");
        }
    }

    private static void CheckBytes(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length > MaxSize)
        {
            throw new ConfigurationException(new ConfigurationError(file, 1, "", $"a configuration has at most {MaxSize} bytes"));
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble) || bytes.StartsWith(Encoding.Unicode.Preamble) || bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            throw new ConfigurationException(new ConfigurationError(file, 1, "", "the text begins with a byte order mark: save it as UTF-8 without one"));
        }

        int tab = bytes.IndexOf((byte)'\t');
        if (tab >= 0)
        {
            throw new ConfigurationException(new ConfigurationError(file, LineOf(bytes, tab), "", "there is a tab: indent with spaces"));
        }

        if (!Utf8.IsValid(bytes))
        {
            int valid = 0;
            while (valid < bytes.Length && Rune.DecodeFromUtf8(bytes[valid..], out _, out int length) == System.Buffers.OperationStatus.Done)
            {
                valid += length;
            }

            throw new ConfigurationException(new ConfigurationError(file, LineOf(bytes, valid), "", "the text is not UTF-8"));
        }
    }

    private static int LineOf(ReadOnlySpan<byte> bytes, int position) => bytes[..position].Count((byte)'\n') + 1;

    // The reader stands on the first token of the value.
    private ConfigurationValue ReadValue(string key)
    {
        int line = CountLines();
        if (_reader.CurrentDepth >= MaxDepth)
        {
            throw Fail("this is nested too deeply");
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(new ConfigurationValue(JsonValueKind.Object, _file, line, key));
            case JsonTokenType.StartArray:
                var array = new ConfigurationValue(JsonValueKind.Array, _file, line, key);
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    array.Items.Add(ReadValue(key));
                }

                return array;
            case JsonTokenType.String:
                return new ConfigurationValue(JsonValueKind.String, _file, line, key, _reader.GetString() ?? "");
            case JsonTokenType.Number:
                return new ConfigurationValue(JsonValueKind.Number, _file, line, key, Encoding.ASCII.GetString(_reader.ValueSpan));
            case JsonTokenType.True:
                return new ConfigurationValue(JsonValueKind.True, _file, line, key);
            case JsonTokenType.False:
                return new ConfigurationValue(JsonValueKind.False, _file, line, key);
            default:
                return new ConfigurationValue(JsonValueKind.Null, _file, line, key);
        }
    }

    private ConfigurationValue ReadObject(ConfigurationValue value)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString() ?? "";
            string key = value.Key.Length == 0 ? name : $"{value.Key}.{name}";
            _key = key;
            CountLines();
            if (!names.Add(name))
            {
                throw Fail("this key is there twice");
            }

            _reader.Read();
            value.Members.Add((name, ReadValue(key)));
        }

        return value;
    }

    private ConfigurationException Fail(string message) => new(new ConfigurationError(_file, CountLines(), _key, message));

    private int CountLines()
    {
        int position = (int)_reader.TokenStartIndex;
        _line += _bytes[_counted..position].Count((byte)'\n');
        _counted = position;
        return _line;
    }
}
