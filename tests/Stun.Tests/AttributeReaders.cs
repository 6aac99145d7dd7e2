using System;
using System.Collections.Generic;

namespace Stack.Stun.Tests;

internal delegate StunAttributeStatus AttributeReader(scoped in StunMessage message);

/// <summary>Every typed reader of the codec, by the name of its attribute.</summary>
internal static class AttributeReaders
{
    public static IReadOnlyDictionary<string, AttributeReader> All { get; } = new SortedDictionary<string, AttributeReader>(StringComparer.Ordinal)
    {
        ["MAPPED-ADDRESS"] = static (scoped in m) => Check(m.ReadMappedAddress(out TransportAddress a), a.IsNone),
        ["RESPONSE-ADDRESS"] = static (scoped in m) => Check(m.ReadResponseAddress(out TransportAddress a), a.IsNone),
        ["SOURCE-ADDRESS"] = static (scoped in m) => Check(m.ReadSourceAddress(out TransportAddress a), a.IsNone),
        ["CHANGED-ADDRESS"] = static (scoped in m) => Check(m.ReadChangedAddress(out TransportAddress a), a.IsNone),
        ["REFLECTED-FROM"] = static (scoped in m) => Check(m.ReadReflectedFrom(out TransportAddress a), a.IsNone),
        ["XOR-MAPPED-ADDRESS"] = static (scoped in m) => Check(m.ReadXorMappedAddress(out TransportAddress a), a.IsNone),
        ["ALTERNATE-SERVER"] = static (scoped in m) => Check(m.ReadAlternateServer(out TransportAddress a), a.IsNone),
        ["RESPONSE-ORIGIN"] = static (scoped in m) => Check(m.ReadResponseOrigin(out TransportAddress a), a.IsNone),
        ["OTHER-ADDRESS"] = static (scoped in m) => Check(m.ReadOtherAddress(out TransportAddress a), a.IsNone),
        ["USERNAME"] = static (scoped in m) => CheckText(m.ReadUsername(out ReadOnlySpan<byte> v), v),
        ["PASSWORD"] = static (scoped in m) => CheckText(m.ReadPassword(out ReadOnlySpan<byte> v), v),
        ["REALM"] = static (scoped in m) => CheckText(m.ReadRealm(out ReadOnlySpan<byte> v), v),
        ["NONCE"] = static (scoped in m) => CheckText(m.ReadNonce(out ReadOnlySpan<byte> v), v),
        ["SOFTWARE"] = static (scoped in m) => CheckText(m.ReadSoftware(out ReadOnlySpan<byte> v), v),
        ["ALTERNATE-DOMAIN"] = static (scoped in m) => CheckText(m.ReadAlternateDomain(out ReadOnlySpan<byte> v), v),
        ["USERHASH"] = static (scoped in m) => CheckText(m.ReadUserhash(out ReadOnlySpan<byte> v), v),
        ["ERROR-CODE"] = static (scoped in m) =>
        {
            StunAttributeStatus status = m.ReadErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason);
            bool inRange = (int)code is >= 300 and <= 699;
            return Check(CheckText(status, reason), !inRange);
        },
        ["UNKNOWN-ATTRIBUTES"] = static (scoped in m) =>
        {
            StunAttributeStatus status = m.ReadUnknownAttributes(out UnknownAttributeList types);
            for (int i = 0; i < types.Count; i++)
            {
                _ = types[i];
            }

            return status;
        },
        ["CHANGE-REQUEST"] = static (scoped in m) => m.ReadChangeRequest(out _),
        ["CACHE-TIMEOUT"] = static (scoped in m) => m.ReadCacheTimeout(out _),
        ["RESPONSE-PORT"] = static (scoped in m) => Check(m.ReadResponsePort(out int port), port is < 1 or > 65535),
        ["PADDING"] = static (scoped in m) => m.ReadPadding(out _),
        ["PASSWORD-ALGORITHM"] = static (scoped in m) => CheckText(m.ReadPasswordAlgorithm(out _, out ReadOnlySpan<byte> p), p),
        ["PASSWORD-ALGORITHMS"] = static (scoped in m) =>
        {
            StunAttributeStatus status = m.ReadPasswordAlgorithms(out PasswordAlgorithmList list);
            _ = list.TryChoose(out _);
            _ = list.Contains(StunPasswordAlgorithm.Sha256);
            return Check(status, list.Count == 0);
        },
    };

    // A value is handed out exactly where the attribute is present.
    private static StunAttributeStatus Check(StunAttributeStatus status, bool empty)
        => status == StunAttributeStatus.Present == !empty ? status : throw new InvalidOperationException($"{status} and the value disagree.");

    private static StunAttributeStatus CheckText(StunAttributeStatus status, ReadOnlySpan<byte> value)
        => status == StunAttributeStatus.Present || value.IsEmpty
            ? status
            : throw new InvalidOperationException($"{status} and the value disagree.");
}
