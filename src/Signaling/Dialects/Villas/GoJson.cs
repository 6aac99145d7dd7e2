using System;
using System.Globalization;
using System.Text;

namespace Stack.Signaling;

/// <summary>Writes JSON the way the Go server does, so that VILLASnode sees no other bytes: nothing indented, HTML's characters escaped.</summary>
internal sealed class GoJson
{
    private readonly StringBuilder _text = new("{", 256);
    private bool _comma;

    public GoJson Open(string name, char bracket)
    {
        Name(name);
        _text.Append(bracket);
        _comma = false;
        return this;
    }

    public GoJson Open()
    {
        Comma();
        _text.Append('{');
        _comma = false;
        return this;
    }

    public GoJson Close(char bracket)
    {
        _text.Append(bracket);
        _comma = true;
        return this;
    }

    public GoJson Member(string name, string value)
    {
        Name(name);
        Quote(value);
        return this;
    }

    public GoJson Member(string name, int value)
    {
        Name(name);
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    // RFC3339Nano: no zeros at the end.
    public GoJson Member(string name, DateTimeOffset value)
        => Member(name, value.UtcDateTime.ToString("yyyy'-'MM'-'dd'T'HH':'mm':'ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    public GoJson Raw(string name, string json)
    {
        Name(name);
        _text.Append(json);
        return this;
    }

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.Append('}').ToString());

    private void Name(string name)
    {
        Comma();
        Quote(name);
        _text.Append(':');
    }

    private void Comma()
    {
        if (_comma)
        {
            _text.Append(',');
        }

        _comma = true;
    }

    private void Quote(string value)
    {
        _text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"' or '\\':
                    _text.Append('\\').Append(c);
                    break;
                case '\b':
                    _text.Append("\\b");
                    break;
                case '\f':
                    _text.Append("\\f");
                    break;
                case '\n':
                    _text.Append("\\n");
                    break;
                case '\r':
                    _text.Append("\\r");
                    break;
                case '\t':
                    _text.Append("\\t");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    _text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    _text.Append(c);
                    break;
            }
        }

        _text.Append('"');
    }
}
