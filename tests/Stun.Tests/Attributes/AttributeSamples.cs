using System;
using System.Collections.Generic;

namespace Stack.Stun.Tests;

internal delegate void AttributeWriter(ref StunMessageWriter writer);

/// <summary>Typed attributes with the bytes that the RFCs say they have, worked out by hand.</summary>
internal static class AttributeSamples
{
    // Lists stand in arrays: unoptimized code allocates for a span of constants.
    private static readonly StunAttributeType[] One = [(StunAttributeType)0x7FFF];
    private static readonly StunAttributeType[] Two = [StunAttributeType.Username, default];
    private static readonly StunPasswordAlgorithm[] Both = [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5];
    private static readonly byte[] NoUser = new byte[32];
    private static readonly TransportAddress V4 = TransportAddress.FromIPv4(0xC0000201, 32853);
    private static readonly TransportAddress V6 = TransportAddress.FromIPv6(new UInt128(0x20010DB812345678, 0x0011223344556677), 32853);

    /// <summary>The name, how it is written, and the whole attribute in hexadecimal.</summary>
    public static IReadOnlyList<(string Name, AttributeWriter Write, string Hex)> All { get; } =
    [
        ("MAPPED-ADDRESS", static (ref w) => w.AddMappedAddress(V4), "0001 0008 0001 8055 c0000201"),
        ("MAPPED-ADDRESS", static (ref w) => w.AddMappedAddress(V6), "0001 0014 0002 8055 20010db8 12345678 00112233 44556677"),
        ("RESPONSE-ADDRESS", static (ref w) => w.AddResponseAddress(V4), "0002 0008 0001 8055 c0000201"),
        ("SOURCE-ADDRESS", static (ref w) => w.AddSourceAddress(V4), "0004 0008 0001 8055 c0000201"),
        ("CHANGED-ADDRESS", static (ref w) => w.AddChangedAddress(V4), "0005 0008 0001 8055 c0000201"),
        ("REFLECTED-FROM", static (ref w) => w.AddReflectedFrom(V6), "000b 0014 0002 8055 20010db8 12345678 00112233 44556677"),
        ("ALTERNATE-SERVER", static (ref w) => w.AddAlternateServer(V4), "8023 0008 0001 8055 c0000201"),
        ("RESPONSE-ORIGIN", static (ref w) => w.AddResponseOrigin(V4), "802b 0008 0001 8055 c0000201"),
        ("OTHER-ADDRESS", static (ref w) => w.AddOtherAddress(V6), "802c 0014 0002 8055 20010db8 12345678 00112233 44556677"),

        // RFC 5769 sections 2.2 and 2.3, which have the transaction id of Wire.
        ("XOR-MAPPED-ADDRESS", static (ref w) => w.AddXorMappedAddress(V4), "0020 0008 0001 a147 e112a643"),
        ("XOR-MAPPED-ADDRESS", static (ref w) => w.AddXorMappedAddress(V6), "0020 0014 0002 a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9"),
        ("USERNAME", static (ref w) => w.AddUsername("evtj:h6vY"u8), "0006 0009 6576746a 3a683676 59000000"),
        ("USERNAME", static (ref w) => w.AddUsername(""u8), "0006 0000"),
        ("REALM", static (ref w) => w.AddRealm("example.org"u8), "0014 000b 6578616d 706c652e 6f726700"),
        ("NONCE", static (ref w) => w.AddNonce("ab"u8), "0015 0002 61620000"),
        ("SOFTWARE", static (ref w) => w.AddSoftware("test"u8), "8022 0004 74657374"),
        ("ALTERNATE-DOMAIN", static (ref w) => w.AddAlternateDomain("a.example"u8), "8003 0009 612e6578 616d706c 65000000"),
        ("USERHASH", static (ref w) => w.AddUserhash(NoUser), "001e 0020 " + new string('0', 64)),
        ("ERROR-CODE", static (ref w) => w.AddErrorCode(StunErrorCode.StaleNonce, "Stale Nonce"u8), "0009 000f 00000426 5374616c 65204e6f 6e636500"),
        ("ERROR-CODE", static (ref w) => w.AddErrorCode((StunErrorCode)699), "0009 0004 00000663"),
        ("ERROR-CODE", static (ref w) => w.AddErrorCode((StunErrorCode)300), "0009 0004 00000300"),
        ("UNKNOWN-ATTRIBUTES", static (ref w) => w.AddUnknownAttributes(One), "000a 0002 7fff0000"),
        ("UNKNOWN-ATTRIBUTES", static (ref w) => w.AddUnknownAttributes(Two), "000a 0004 00060000"),
        ("UNKNOWN-ATTRIBUTES", static (ref w) => w.AddUnknownAttributes([]), "000a 0000"),
        ("CHANGE-REQUEST", static (ref w) => w.AddChangeRequest(ChangeRequestFlags.ChangeIP), "0003 0004 00000004"),
        ("CHANGE-REQUEST", static (ref w) => w.AddChangeRequest(ChangeRequestFlags.ChangePort), "0003 0004 00000002"),
        ("CHANGE-REQUEST", static (ref w) => w.AddChangeRequest(ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort), "0003 0004 00000006"),
        ("RESPONSE-PORT", static (ref w) => w.AddResponsePort(3478), "0027 0004 0d960000"),
        ("PADDING", static (ref w) => w.AddPadding(5), "0026 0005 00000000 00000000"),
        ("PASSWORD-ALGORITHM", static (ref w) => w.AddPasswordAlgorithm(StunPasswordAlgorithm.Sha256), "001d 0004 00020000"),
        ("PASSWORD-ALGORITHMS", static (ref w) => w.AddPasswordAlgorithms(Both), "8002 0008 00020000 00010000"),
    ];
}
