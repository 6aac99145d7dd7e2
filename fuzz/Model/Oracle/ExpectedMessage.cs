using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A message that the server must send: every attribute that it has, in whatever order, and none besides.</summary>
internal sealed class ExpectedMessage(int method, int messageClass, byte[]? transactionId)
{
    private readonly List<ExpectedAttribute> _attributes = [];
    // Its list of attributes is large, and an expectation is made for every reply.
    [ThreadStatic]
    private static ReferenceMessage? _decoder;

    private readonly ReferenceMessage _message = _decoder ??= new ReferenceMessage();
    private byte[]? _key;
    private bool _sha256;
    private bool _fingerprint;

    public int Method { get; } = method;

    public int Class { get; } = messageClass;

    /// <summary>How many bytes it has.</summary>
    public int Size => 20
        + _attributes.Sum(attribute => 4 + ((attribute.Length + 3) & ~3))
        + (_key is null ? 0 : _sha256 ? 36 : 24)
        + (_fingerprint ? 8 : 0);

    public ExpectedMessage With(int type, params byte[] value)
    {
        _attributes.Add(new ExpectedAttribute(type, value, null, value.Length));
        return this;
    }

    public ExpectedMessage WithWord(int type, uint word)
    {
        byte[] value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, word);
        return With(type, value);
    }

    public ExpectedMessage WithAny(int type, int length)
    {
        _attributes.Add(new ExpectedAttribute(type, null, null, length));
        return this;
    }

    public ExpectedMessage WithXored(int type, ReferenceAddress address)
    {
        _attributes.Add(new ExpectedAttribute(type, null, address, address.Family == 1 ? 8 : 20));
        return this;
    }

    public ExpectedMessage WithError(int code) => WithWord(ModelAttribute.ErrorCode, ((uint)code / 100 << 8) | ((uint)code % 100));

    /// <summary>Protected under a key.</summary>
    public ExpectedMessage Protected(byte[] key, bool sha256)
    {
        _key = key;
        _sha256 = sha256;
        return this;
    }

    public ExpectedMessage Fingerprinted(bool fingerprint)
    {
        _fingerprint = fingerprint;
        return this;
    }

    public bool Matches(byte[] actual) => FindMismatch(actual) is null;

    /// <summary>What is other than expected; null for nothing.</summary>
    public string? FindMismatch(byte[] actual)
    {
        if (_message.Load(actual, acceptClassic: false) != ReferenceVerdict.Ok)
        {
            return "the message is not well formed";
        }

        if (_message.Method != Method || _message.Class != Class)
        {
            return $"method {_message.Method} class {_message.Class}";
        }

        if (transactionId is not null && !actual.AsSpan(8, 12).SequenceEqual(transactionId))
        {
            return "another transaction";
        }

        return FindAttributeMismatch(actual) ?? FindIntegrityMismatch();
    }

    public override string ToString()
        => $"method {Method} class {Class} with {string.Join(' ', _attributes.Select(Describe))}"
            + (_key is null ? "" : _sha256 ? " sha256" : " sha1")
            + (_fingerprint ? " fingerprint" : "");

    private static string Describe(ExpectedAttribute attribute) => string.Create(
        CultureInfo.InvariantCulture,
        $"{attribute.Type:x4}:{(attribute.Value is { } value ? Convert.ToHexStringLower(value) : attribute.Xored?.ToString() ?? "any " + attribute.Length)}");

    private static bool Fits(ExpectedAttribute expected, ReferenceAttribute actual, byte[] datagram)
    {
        if (expected.Type != actual.Type || expected.Length != actual.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> value = datagram.AsSpan(actual.ValueOffset, actual.Length);
        if (expected.Xored is { } address)
        {
            return ModelRequest.TryReadXored(datagram, value, out ReferenceAddress read) && read == address && value[0] == 0;
        }

        return expected.Value is null || value.SequenceEqual(expected.Value);
    }

    private string? FindAttributeMismatch(byte[] actual)
    {
        int found = 0;
        Span<bool> taken = stackalloc bool[_attributes.Count];
        foreach (ReferenceAttribute attribute in _message.Visible)
        {
            int end = attribute.ValueOffset + attribute.Length;
            if (actual.AsSpan(end, -attribute.Length & 3).ContainsAnyExcept((byte)0))
            {
                return "padding is not zero";
            }

            if (attribute.Type is ModelAttribute.MessageIntegrity or ModelAttribute.MessageIntegritySha256 or ModelAttribute.Fingerprint)
            {
                continue;
            }

            int at = 0;
            while (at < taken.Length && (taken[at] || !Fits(_attributes[at], attribute, actual)))
            {
                at++;
            }

            if (at == taken.Length)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"attribute {attribute.Type:x4} {Convert.ToHexStringLower(attribute.ToArray())}");
            }

            taken[at] = true;
            found++;
        }

        return found == taken.Length ? null : $"{taken.Length - found} attributes are missing";
    }

    private string? FindIntegrityMismatch()
    {
        bool sha1 = _message.MessageIntegrityOffset >= 0;
        bool sha256 = _message.MessageIntegritySha256Offset >= 0;
        if (sha1 != (_key is not null && !_sha256) || sha256 != (_key is not null && _sha256))
        {
            return "integrity attributes";
        }

        if (_key is not null && !(_sha256 ? _message.MessageIntegritySha256Ok(_key) : _message.MessageIntegrityOk(_key)))
        {
            return "the integrity attribute is wrong";
        }

        return (_message.FingerprintOffset >= 0) != _fingerprint || (_fingerprint && !_message.FingerprintOk) ? "FINGERPRINT" : null;
    }
}
