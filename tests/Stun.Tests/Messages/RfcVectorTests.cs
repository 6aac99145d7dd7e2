using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The sample messages of RFC 5769 and RFC 8489 appendix B.1.</summary>
public sealed class RfcVectorTests
{
    private const string Printed = "rfc8489/B.1-as-printed";
    private const string Corrected = "rfc8489/B.1-erratum-6268";

    public static TheoryData<string> Valid =>
    [
        "rfc5769/2.1-sample-request",
        "rfc5769/2.2-sample-ipv4-response",
        "rfc5769/2.3-sample-ipv6-response",
        "rfc5769/2.4-long-term-auth-request",
        Corrected,
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Decode_Vector_HasTheHeaderAndAttributesOfItsDescription(string name)
    {
        byte[] bytes = RfcVectors.Bytes(name);
        JsonElement expected = RfcVectors.Fields(name);

        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(bytes, out StunMessage message));

        Assert.Equal(expected.GetProperty("total_bytes").GetInt32(), message.Bytes.Length);
        Assert.Equal(expected.GetProperty("length").GetInt32(), message.Length);
        Assert.Equal(expected.GetProperty("class").GetString()!.Replace('-', ' '), message.Class.GetName().Replace('-', ' '));
        Assert.Equal(expected.GetProperty("method").GetString(), message.Method.GetName());
        Assert.Equal(expected.GetProperty("type_hex").GetString(), message.Type.Value.ToString("x4", CultureInfo.InvariantCulture));
        Assert.Equal(expected.GetProperty("transaction_id").GetString(), message.TransactionId.ToString());
        Assert.False(message.IsClassic);
        Assert.Equal(Describe(expected.GetProperty("attributes")), Describe(message));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Decode_Vector_TypedReadersAgreeWithItsDescription(string name)
    {
        byte[] bytes = RfcVectors.Bytes(name);
        StunMessage.Decode(bytes, out StunMessage message);
        int read = 0;

        foreach (JsonElement attribute in RfcVectors.Fields(name).GetProperty("attributes").EnumerateArray())
        {
            string type = attribute.GetProperty("name").GetString()!;
            switch (type)
            {
                case "SOFTWARE":
                    Assert.Equal(StunAttributeStatus.Present, message.ReadSoftware(out ReadOnlySpan<byte> software));
                    AssertText(attribute, software);
                    break;
                case "USERNAME":
                    Assert.Equal(StunAttributeStatus.Present, message.ReadUsername(out ReadOnlySpan<byte> username));
                    AssertText(attribute, username);
                    break;
                case "NONCE":
                    Assert.Equal(StunAttributeStatus.Present, message.ReadNonce(out ReadOnlySpan<byte> nonce));
                    AssertText(attribute, nonce);
                    break;
                case "REALM":
                    Assert.Equal(StunAttributeStatus.Present, message.ReadRealm(out ReadOnlySpan<byte> realm));
                    AssertText(attribute, realm);
                    break;
                case "XOR-MAPPED-ADDRESS":
                    Assert.Equal(StunAttributeStatus.Present, message.ReadXorMappedAddress(out TransportAddress address));
                    Assert.Equal(attribute.GetProperty("address").GetString(), address.ToIPAddress().ToString());
                    Assert.Equal(attribute.GetProperty("port").GetInt32(), address.Port);
                    Assert.Equal(attribute.GetProperty("family").GetString(), address.Family.ToString());
                    break;
                case "USERHASH":
                    Assert.Equal(StunAttributeStatus.Present, message.ReadUserhash(out ReadOnlySpan<byte> userhash));
                    Assert.Equal(attribute.GetProperty("value_hex").GetString(), Convert.ToHexStringLower(userhash));
                    break;
                case "PASSWORD-ALGORITHM":
                    Assert.Equal(
                        StunAttributeStatus.Present,
                        message.ReadPasswordAlgorithm(out StunPasswordAlgorithm algorithm, out ReadOnlySpan<byte> parameters));
                    Assert.Equal(attribute.GetProperty("algorithm").GetInt32(), (int)algorithm);
                    Assert.True(parameters.IsEmpty);
                    break;
                case "PRIORITY" or "ICE-CONTROLLED" or "MESSAGE-INTEGRITY" or "MESSAGE-INTEGRITY-SHA256" or "FINGERPRINT":
                    continue;
                default:
                    Assert.Fail("No reader is known for " + type);
                    break;
            }

            read++;
        }

        Assert.NotEqual(0, read);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Verify_Vector_IntegrityAndFingerprintHold(string name)
    {
        byte[] bytes = RfcVectors.Bytes(name);
        StunMessage.Decode(bytes, out StunMessage message);
        using IntegrityKey key = KeyOf(name);
        using var wrong = new IntegrityKey("VOkJxbRl1RmTxUk/WvJxBT"u8);

        bool sha256 = name == Corrected;
        Assert.Equal(!sha256, MessageIntegrity.Verify(message, key));
        Assert.Equal(sha256, MessageIntegritySha256.Verify(message, key));
        Assert.True(VerifiedStunMessage.TryVerify(message, key, out VerifiedStunMessage verified));
        Assert.Equal(sha256 ? IntegrityAlgorithm.Sha256 : IntegrityAlgorithm.Sha1, verified.Algorithm);
        Assert.False(VerifiedStunMessage.TryVerify(message, wrong, out _));
        Assert.Equal(message.HasFingerprint, Fingerprint.Verify(message));
        Assert.Equal(name.StartsWith("rfc5769", StringComparison.Ordinal) && !name.Contains("2.4", StringComparison.Ordinal), message.HasFingerprint);
    }

    [Theory]
    [InlineData("rfc5769/2.4-long-term-auth-request")]
    [InlineData(Corrected)]
    public void Write_VectorWithZeroPadding_IsTheSameBytes(string name)
    {
        byte[] expected = RfcVectors.Bytes(name);
        using IntegrityKey key = KeyOf(name);

        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(Rewrite(expected, key)));
    }

    [Theory]
    [InlineData("rfc5769/2.1-sample-request")]
    [InlineData("rfc5769/2.2-sample-ipv4-response")]
    [InlineData("rfc5769/2.3-sample-ipv6-response")]
    public void Write_VectorPaddedWithSpaces_DiffersInPaddingHashAndFingerprintOnly(string name)
    {
        byte[] expected = RfcVectors.Bytes(name);
        using IntegrityKey key = KeyOf(name);

        byte[] written = Rewrite(expected, key);

        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(written, out StunMessage message));
        Assert.True(MessageIntegrity.Verify(message, key));
        Assert.True(Fingerprint.Verify(message));
        int trailers = 24 + 8;
        foreach (JsonElement attribute in RfcVectors.Fields(name).GetProperty("attributes").EnumerateArray())
        {
            Assert.True(attribute.GetProperty("padding_hex").GetString() is "" or "20" or "202020");
        }

        byte[] blanked = [.. expected.AsSpan(0, expected.Length - trailers)];
        StunMessage.Decode(expected, out StunMessage original);
        foreach (StunAttribute attribute in original)
        {
            int end = attribute.Offset + 4 + attribute.Value.Length;
            if (end < blanked.Length)
            {
                blanked.AsSpan(end, -end & 3).Clear();
            }
        }

        Assert.Equal(blanked, written[..^trailers]);
    }

    [Fact]
    public void Decode_VectorOfRfc8489AsPrinted_IsRefusedForItsLength()
    {
        byte[] bytes = RfcVectors.Bytes(Printed);

        Assert.Equal(StunDecodeStatus.Truncated, StunMessage.Decode(bytes, out StunMessage message));
        Assert.True(message.Bytes.IsEmpty);
    }

    // Erratum 6268: even with the length put right the printed hash is wrong, for it covered the wrong length.
    [Fact]
    public void Verify_VectorOfRfc8489AsPrintedWithItsLengthPutRight_IsRefused()
    {
        byte[] bytes = RfcVectors.Bytes(Printed);
        bytes[3] = 0x88;
        using IntegrityKey key = KeyOf(Printed);

        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(bytes, out StunMessage message));
        Assert.True(message.HasMessageIntegritySha256);
        Assert.False(MessageIntegritySha256.Verify(message, key, MessageIntegritySha256.MinSize));
    }

    [Fact]
    public void NonceCookie_VectorOfRfc8489_SaysUsernameAnonymity()
    {
        StunMessage.Decode(RfcVectors.Bytes(Corrected), out StunMessage message);
        message.ReadNonce(out ReadOnlySpan<byte> nonce);

        Assert.True(NonceCookie.TryRead(nonce, out StunSecurityFeatures features));
        Assert.Equal(StunSecurityFeatures.UsernameAnonymity, features);
    }

    [Fact]
    public void Userhash_VectorOfRfc8489_IsComputed()
    {
        StunMessage.Decode(RfcVectors.Bytes(Corrected), out StunMessage message);
        message.ReadUserhash(out ReadOnlySpan<byte> expected);
        JsonElement credential = RfcVectors.Fields(Corrected).GetProperty("credential");
        byte[] hash = new byte[Userhash.Size];

        Userhash.Compute(credential.GetProperty("username").GetString(), credential.GetProperty("realm").GetString(), hash);

        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData("rfc5769/2.4-long-term-auth-request", StunPasswordAlgorithm.Md5)]
    [InlineData(Corrected, StunPasswordAlgorithm.Sha256)]
    public void Credential_PasswordOfTheVectorsUnderSaslPrep_ConfirmsThem(string name, StunPasswordAlgorithm algorithm)
    {
        StunMessage.Decode(RfcVectors.Bytes(name), out StunMessage message);
        JsonElement text = RfcVectors.Fields(name).GetProperty("credential");
        string password = text.GetProperty("password_before_prep").GetString()!;
        var credential = new LongTermCredential(text.GetProperty("username").GetString()!, password, CredentialPreparation.SaslPrep);

        using IntegrityKey? key = credential.CreateKey(text.GetProperty("realm").GetString()!, algorithm);

        Assert.True(VerifiedStunMessage.TryVerify(message, key!, out _));
    }

    // U+00AD is not allowed by OpaqueString; without it OpaqueString keeps U+00AA and U+2168, which SASLprep maps.
    [Fact]
    public void Credential_PasswordOfTheVectorsUnderOpaqueString_IsAnotherOrNone()
    {
        StunMessage.Decode(RfcVectors.Bytes(Corrected), out StunMessage message);
        JsonElement text = RfcVectors.Fields(Corrected).GetProperty("credential");
        string username = text.GetProperty("username").GetString()!;
        string password = text.GetProperty("password_before_prep").GetString()!;

        Assert.Equal("password", Assert.Throws<ArgumentException>(() => new LongTermCredential(username, password)).ParamName);
        var credential = new LongTermCredential(username, password.Replace("\u00AD", "", StringComparison.Ordinal));
        using IntegrityKey? key = credential.CreateKey("example.org", StunPasswordAlgorithm.Sha256);

        Assert.False(VerifiedStunMessage.TryVerify(message, key!, out _));
    }

    private static IntegrityKey KeyOf(string name)
    {
        JsonElement credential = RfcVectors.Fields(name).GetProperty("credential");
        if (credential.GetProperty("kind").GetString() == "short-term")
        {
            return new IntegrityKey(Encoding.UTF8.GetBytes(credential.GetProperty("password").GetString()!));
        }

        return new IntegrityKey(LongTermCredential.DeriveKey(
            credential.GetProperty("username").GetString(),
            credential.GetProperty("realm").GetString(),
            credential.GetProperty("password_after_prep").GetString(),
            name.StartsWith("rfc8489", StringComparison.Ordinal) ? StunPasswordAlgorithm.Sha256 : StunPasswordAlgorithm.Md5));
    }

    private static byte[] Rewrite(byte[] bytes, IntegrityKey key)
    {
        StunMessage.Decode(bytes, out StunMessage message);
        byte[] buffer = new byte[bytes.Length];
        buffer.AsSpan().Fill(0xA5);
        var writer = new StunMessageWriter(buffer, message.Type, message.TransactionId);
        foreach (StunAttribute attribute in message)
        {
            switch (attribute.Type)
            {
                case StunAttributeType.MessageIntegrity:
                    writer.AddMessageIntegrity(key);
                    break;
                case StunAttributeType.MessageIntegritySha256:
                    writer.AddMessageIntegritySha256(key);
                    break;
                case StunAttributeType.Fingerprint:
                    writer.AddFingerprint();
                    break;
                case StunAttributeType.XorMappedAddress:
                    message.ReadXorMappedAddress(out TransportAddress address);
                    writer.AddXorMappedAddress(address);
                    break;
                default:
                    writer.Add(attribute.Type, attribute.Value);
                    break;
            }
        }

        Assert.Equal(bytes.Length, writer.Length);
        return buffer;
    }

    private static void AssertText(JsonElement attribute, ReadOnlySpan<byte> value)
        => Assert.Equal(attribute.GetProperty("text").GetString(), Encoding.UTF8.GetString(value));

    private static string Describe(JsonElement attributes) => string.Join('\n', attributes.EnumerateArray().Select(attribute => string.Join(
        ' ',
        attribute.GetProperty("type").GetString(),
        attribute.GetProperty("name").GetString(),
        attribute.GetProperty("length").GetInt32(),
        attribute.GetProperty("value_hex").GetString())));

    private static string Describe(scoped in StunMessage message)
    {
        var lines = new List<string>();
        foreach (StunAttribute attribute in message)
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"0x{(ushort)attribute.Type:x4} {attribute.Type.GetName()} {attribute.Value.Length} {Convert.ToHexStringLower(attribute.Value)}"));
        }

        return string.Join('\n', lines);
    }
}
