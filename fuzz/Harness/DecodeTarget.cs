using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;
using Stack.Stun;

namespace Stack.Fuzz;

/// <summary>
/// The decoder under test beside the reference decoder: both take the same bytes and must agree on the verdict, on what is visible, and on the
/// value of every typed attribute. Allocates nothing where they agree. Not safe for concurrent use.
/// </summary>
internal sealed class DecodeTarget : IFuzzTarget
{
    private const int FullCheckMask = 63;

    // By the order of the reference's enumeration.
    private static readonly StunDecodeStatus[] Expected = Array.ConvertAll(Enum.GetNames<ReferenceVerdict>(), Enum.Parse<StunDecodeStatus>);

    private readonly ReferenceMessage _reference = new();
    private readonly List<int> _unknown = [];
    private readonly List<ReferencePasswordAlgorithm> _algorithms = [];
    private readonly byte[] _key;
    private readonly IntegrityKey _integrityKey;
    private readonly bool _checkIntegrity;
    private long _inputs;

    /// <summary>Sets the comparison up.</summary>
    /// <param name="key">The key that some inputs are protected with.</param>
    /// <param name="checkIntegrity">Whether HMACs are computed by both sides too, which takes most of the time.</param>
    public DecodeTarget(byte[] key, bool checkIntegrity)
    {
        _key = key;
        _integrityKey = new IntegrityKey(key);
        _checkIntegrity = checkIntegrity;
    }

    /// <summary>How many inputs both accepted.</summary>
    public long Accepted { get; private set; }

    public void Dispose() => _integrityKey.Dispose();

    /// <summary>Runs both decoders.</summary>
    /// <returns>What they disagree on; null where they agree.</returns>
    public string? Run(byte[] input)
    {
        // Every other input is offered as a classic server would take it.
        bool classic = (_inputs++ & 1) != 0;
        StunDecodeStatus status = StunMessage.Decode(input, classic ? StunDialect.AcceptClassic : StunDialect.Rfc8489, out StunMessage message);
        ReferenceVerdict verdict = _reference.Load(input, classic);
        if (status != Expected[(int)verdict])
        {
            return $"verdict: {status} here, {verdict} there";
        }

        if (status != StunDecodeStatus.Ok)
        {
            return null;
        }

        Accepted++;
        return CompareHeader(message) ?? CompareVisible(message) ?? CompareChecks(message) ?? CompareTyped(message);
    }

    private static string? Differ(string what, StunAttributeStatus here, ReferencePresence there) => $"{what}: {here} here, {there} there";

    private static bool Same(ReadOnlySpan<byte> here, ReferenceAttribute there)
        => here.SequenceEqual(there.Datagram.AsSpan(there.ValueOffset, there.Length));

    private static string? CompareBytes(string what, StunAttributeStatus status, ReadOnlySpan<byte> here, ReferenceValue<ReferenceAttribute> there)
    {
        if ((int)status != (int)there.Presence)
        {
            return Differ(what, status, there.Presence);
        }

        return status != StunAttributeStatus.Present || Same(here, there.Value) ? null : $"{what}: other bytes";
    }

    private static string? CompareAddress(string what, StunAttributeStatus status, TransportAddress here, ReferenceValue<ReferenceAddress> there)
    {
        if ((int)status != (int)there.Presence)
        {
            return Differ(what, status, there.Presence);
        }

        bool same = status != StunAttributeStatus.Present
            || ((int)here.Family == there.Value.Family && here.Port == there.Value.Port && here.Bits == there.Value.Number);
        return same ? null : $"{what}: {here} here, {there.Value} there";
    }

    private static string? CompareValue<T>(string what, StunAttributeStatus status, T here, ReferencePresence presence, T there)
        where T : struct, IEquatable<T>
    {
        if ((int)status != (int)presence)
        {
            return Differ(what, status, presence);
        }

        return status != StunAttributeStatus.Present || here.Equals(there) ? null : $"{what}: {here} here, {there} there";
    }

    private string? CompareHeader(in StunMessage message)
    {
        bool same = (int)message.Class == _reference.Class
            && (int)message.Method == _reference.Method
            && message.Length == _reference.Length
            && message.IsClassic == _reference.IsClassic
            && message.HasMessageIntegrity == _reference.MessageIntegrityOffset >= 0
            && message.HasMessageIntegritySha256 == _reference.MessageIntegritySha256Offset >= 0
            && message.HasFingerprint == _reference.FingerprintOffset >= 0;
        return same ? null : "header";
    }

    private string? CompareVisible(in StunMessage message)
    {
        int i = 0;
        IReadOnlyList<ReferenceAttribute> visible = _reference.Visible;
        foreach (StunAttribute attribute in message)
        {
            if (i >= visible.Count)
            {
                return $"attribute {i}: {attribute.Type} is visible here only";
            }

            ReferenceAttribute there = visible[i++];
            if ((int)attribute.Type != there.Type
                || attribute.Offset + 4 != there.ValueOffset
                || !Same(attribute.Value, there))
            {
                return $"attribute {i - 1}: {attribute.Type} at {attribute.Offset} here, {there.Type:X4} at {there.ValueOffset - 4} there";
            }
        }

        return i == visible.Count ? null : $"attribute {i}: visible there only";
    }

    private string? CompareChecks(in StunMessage message)
    {
        if (message.HasFingerprint && Fingerprint.Verify(message) != _reference.FingerprintOk)
        {
            return "FINGERPRINT check";
        }

        if (!_checkIntegrity)
        {
            return null;
        }

        if (message.HasMessageIntegrity && MessageIntegrity.Verify(message, _integrityKey) != _reference.MessageIntegrityOk(_key))
        {
            return "MESSAGE-INTEGRITY check";
        }

        bool differs = message.HasMessageIntegritySha256
            && MessageIntegritySha256.Verify(message, _integrityKey, MessageIntegritySha256.MinSize) != _reference.MessageIntegritySha256Ok(_key);
        return differs ? "MESSAGE-INTEGRITY-SHA256 check" : null;
    }

    // Readers look for the first attribute of their type, so each is run where one is visible, and now and then where none is.
    private string? CompareTyped(in StunMessage message)
    {
        foreach (StunAttribute attribute in message)
        {
            if (CompareTyped(message, attribute.Type) is { } difference)
            {
                return difference;
            }
        }

        if ((_inputs & FullCheckMask) != 0)
        {
            return null;
        }

        foreach (StunAttributeType type in TypedAttributes.All)
        {
            if (CompareTyped(message, type) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? CompareTyped(in StunMessage message, StunAttributeType type)
    {
        StunAttributeStatus status;
        switch (type)
        {
            case StunAttributeType.MappedAddress:
                status = message.ReadMappedAddress(out TransportAddress address);
                return CompareAddress("MAPPED-ADDRESS", status, address, _reference.MappedAddress);
            case StunAttributeType.XorMappedAddress:
                status = message.ReadXorMappedAddress(out address);
                return CompareAddress("XOR-MAPPED-ADDRESS", status, address, _reference.XorMappedAddress);
            case StunAttributeType.ResponseAddress:
                status = message.ReadResponseAddress(out address);
                return CompareAddress("RESPONSE-ADDRESS", status, address, _reference.ResponseAddress);
            case StunAttributeType.SourceAddress:
                status = message.ReadSourceAddress(out address);
                return CompareAddress("SOURCE-ADDRESS", status, address, _reference.SourceAddress);
            case StunAttributeType.ChangedAddress:
                status = message.ReadChangedAddress(out address);
                return CompareAddress("CHANGED-ADDRESS", status, address, _reference.ChangedAddress);
            case StunAttributeType.ReflectedFrom:
                status = message.ReadReflectedFrom(out address);
                return CompareAddress("REFLECTED-FROM", status, address, _reference.ReflectedFrom);
            case StunAttributeType.AlternateServer:
                status = message.ReadAlternateServer(out address);
                return CompareAddress("ALTERNATE-SERVER", status, address, _reference.AlternateServer);
            case StunAttributeType.ResponseOrigin:
                status = message.ReadResponseOrigin(out address);
                return CompareAddress("RESPONSE-ORIGIN", status, address, _reference.ResponseOrigin);
            case StunAttributeType.OtherAddress:
                status = message.ReadOtherAddress(out address);
                return CompareAddress("OTHER-ADDRESS", status, address, _reference.OtherAddress);
            case StunAttributeType.Username:
                status = message.ReadUsername(out ReadOnlySpan<byte> bytes);
                return CompareBytes("USERNAME", status, bytes, _reference.Username);
            case StunAttributeType.Realm:
                status = message.ReadRealm(out bytes);
                return CompareBytes("REALM", status, bytes, _reference.Realm);
            case StunAttributeType.Nonce:
                return CompareNonce(message);
            case StunAttributeType.Software:
                status = message.ReadSoftware(out bytes);
                return CompareBytes("SOFTWARE", status, bytes, _reference.Software);
            case StunAttributeType.Userhash:
                status = message.ReadUserhash(out bytes);
                return CompareBytes("USERHASH", status, bytes, _reference.Userhash);
            case StunAttributeType.AlternateDomain:
                status = message.ReadAlternateDomain(out bytes);
                return CompareBytes("ALTERNATE-DOMAIN", status, bytes, _reference.AlternateDomain);
            case StunAttributeType.Padding:
                status = message.ReadPadding(out int length);
                return CompareValue("PADDING", status, length, _reference.Padding.Presence, _reference.Padding.Value.Length);
            case StunAttributeType.ResponsePort:
                status = message.ReadResponsePort(out int port);
                return CompareValue("RESPONSE-PORT", status, port, _reference.ResponsePort.Presence, _reference.ResponsePort.Value);
            case StunAttributeType.CacheTimeout:
                status = message.ReadCacheTimeout(out uint seconds);
                return CompareValue("CACHE-TIMEOUT", status, seconds, _reference.CacheTimeout.Presence, _reference.CacheTimeout.Value);
            case StunAttributeType.ChangeRequest:
                return CompareChangeRequest(message);
            case StunAttributeType.ErrorCode:
                return CompareErrorCode(message);
            case StunAttributeType.UnknownAttributes:
                return CompareUnknownAttributes(message);
            case StunAttributeType.PasswordAlgorithm:
                return ComparePasswordAlgorithm(message);
            case StunAttributeType.PasswordAlgorithms:
                return ComparePasswordAlgorithms(message);
            default:
                return null;
        }
    }

    private string? CompareNonce(in StunMessage message)
    {
        StunAttributeStatus status = message.ReadNonce(out ReadOnlySpan<byte> nonce);
        if (CompareBytes("NONCE", status, nonce, _reference.Nonce) is { } difference)
        {
            return difference;
        }

        ReferenceAttribute there = _reference.Nonce.Value;
        int? features = status == StunAttributeStatus.Present ? ReferenceNonce.Read(there.Datagram, there.ValueOffset, there.Length) : null;
        bool has = NonceCookie.TryRead(nonce, out StunSecurityFeatures here);
        return has == features.HasValue && (!has || (int)here == features) ? null : "nonce cookie";
    }

    private string? CompareChangeRequest(in StunMessage message)
    {
        StunAttributeStatus status = message.ReadChangeRequest(out ChangeRequestFlags flags);
        ReferenceValue<ReferenceChangeRequest> there = _reference.ChangeRequest;
        ChangeRequestFlags expected = (there.Value.ChangeIp ? ChangeRequestFlags.ChangeIP : ChangeRequestFlags.None)
            | (there.Value.ChangePort ? ChangeRequestFlags.ChangePort : ChangeRequestFlags.None);
        return CompareValue("CHANGE-REQUEST", status, (int)flags, there.Presence, (int)expected);
    }

    private string? CompareErrorCode(in StunMessage message)
    {
        StunAttributeStatus status = message.ReadErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason);
        ReferenceValue<ReferenceErrorCode> there = _reference.ErrorCode;
        return CompareValue("ERROR-CODE", status, (int)code, there.Presence, there.Value.Code)
            ?? (status != StunAttributeStatus.Present || Same(reason, there.Value.Reason) ? null : "ERROR-CODE: other reason");
    }

    private string? CompareUnknownAttributes(in StunMessage message)
    {
        StunAttributeStatus status = message.ReadUnknownAttributes(out UnknownAttributeList here);
        ReferencePresence presence = _reference.ReadUnknownAttributes(_unknown);
        if ((int)status != (int)presence || here.Count != _unknown.Count)
        {
            return Differ("UNKNOWN-ATTRIBUTES", status, presence);
        }

        for (int i = 0; i < here.Count; i++)
        {
            if ((int)here[i] != _unknown[i])
            {
                return "UNKNOWN-ATTRIBUTES: other types";
            }
        }

        return null;
    }

    private string? ComparePasswordAlgorithm(in StunMessage message)
    {
        StunAttributeStatus status = message.ReadPasswordAlgorithm(out StunPasswordAlgorithm algorithm, out ReadOnlySpan<byte> parameters);
        ReferenceValue<ReferencePasswordAlgorithm> there = _reference.PasswordAlgorithm;
        return CompareValue("PASSWORD-ALGORITHM", status, (int)algorithm, there.Presence, there.Value.Number)
            ?? (status != StunAttributeStatus.Present || Same(parameters, there.Value.Parameters) ? null : "PASSWORD-ALGORITHM: other parameters");
    }

    private string? ComparePasswordAlgorithms(in StunMessage message)
    {
        StunAttributeStatus status = message.ReadPasswordAlgorithms(out PasswordAlgorithmList here);
        ReferencePresence presence = _reference.ReadPasswordAlgorithms(_algorithms);
        if ((int)status != (int)presence || here.Count != _algorithms.Count)
        {
            return Differ("PASSWORD-ALGORITHMS", status, presence);
        }

        int expected = -1;
        foreach (ReferencePasswordAlgorithm algorithm in _algorithms)
        {
            if (expected < 0 && algorithm.Number is 1 or 2 && algorithm.Parameters.Length == 0)
            {
                expected = algorithm.Number;
            }
        }

        if (status != StunAttributeStatus.Present)
        {
            return null;
        }

        bool chosen = here.TryChoose(out StunPasswordAlgorithm choice);
        return chosen == expected >= 0 && (!chosen || (int)choice == expected) ? null : "PASSWORD-ALGORITHMS: other choice";
    }
}
