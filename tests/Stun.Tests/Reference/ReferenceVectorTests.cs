using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stack.Fuzz.Reference;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The reference decoder against every STUN message that the RFCs print.</summary>
public class ReferenceVectorTests
{
    public static TheoryData<string> ValidVectors()
    {
        var names = new TheoryData<string>();
        foreach (string name in RfcVectors.Names("rfc5769").Concat(RfcVectors.Names("rfc8489")))
        {
            if (RfcVectors.Fields(name).GetProperty("valid").GetBoolean())
            {
                names.Add(name);
            }
        }

        return names;
    }

    [Fact]
    public void Vectors_OfBothRfcs_AreAllFound()
    {
        Assert.Equal(5, ValidVectors().Count);
    }

    [Theory]
    [MemberData(nameof(ValidVectors))]
    public void Decode_Vector_FindsTheHeader(string name)
    {
        ReferenceMessage message = Decode(name);
        JsonElement fields = RfcVectors.Fields(name);

        string[] classes = ["request", "indication", "success response", "error response"];
        Assert.Equal(fields.GetProperty("class").GetString(), classes[message.Class]);
        Assert.Equal(1, message.Method);
        Assert.Equal(fields.GetProperty("length").GetInt32(), message.Length);
        Assert.Equal(0x2112A442u, message.Cookie);
        Assert.Equal(fields.GetProperty("transaction_id").GetString(), Convert.ToHexStringLower(message.TransactionId));
    }

    [Theory]
    [MemberData(nameof(ValidVectors))]
    public void Decode_Vector_FindsEveryAttribute(string name)
    {
        ReferenceMessage message = Decode(name);
        JsonElement[] expected = [.. RfcVectors.Fields(name).GetProperty("attributes").EnumerateArray()];

        string[] found = [.. message.Visible.Select(a => $"0x{a.Type:x4} {a.Length} {Convert.ToHexStringLower(a.ToArray())}")];
        string[] wanted = [.. expected.Select(a => $"{Text(a, "type")} {a.GetProperty("length").GetInt32()} {Text(a, "value_hex")}")];
        Assert.Equal(wanted, found);

        int offset = 20;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(offset + 4, message.Visible[i].ValueOffset);
            offset += 4 + message.Visible[i].Length + (Text(expected[i], "padding_hex").Length / 2);
        }

        Assert.Equal(RfcVectors.Bytes(name).Length, offset);
    }

    [Theory]
    [MemberData(nameof(ValidVectors))]
    public void Read_Vector_FindsTheTypedValues(string name)
    {
        ReferenceMessage message = Decode(name);
        foreach (JsonElement attribute in RfcVectors.Fields(name).GetProperty("attributes").EnumerateArray())
        {
            switch (Text(attribute, "name"))
            {
                case "SOFTWARE":
                    Assert.Equal(Text(attribute, "text"), Encoding.UTF8.GetString(Present(message.Software).ToArray()));
                    break;
                case "USERNAME":
                    Assert.Equal(Text(attribute, "text"), Encoding.UTF8.GetString(Present(message.Username).ToArray()));
                    break;
                case "REALM":
                    Assert.Equal(Text(attribute, "text"), Encoding.UTF8.GetString(Present(message.Realm).ToArray()));
                    break;
                case "NONCE":
                    Assert.Equal(Text(attribute, "text"), Encoding.UTF8.GetString(Present(message.Nonce).ToArray()));
                    int? features = attribute.TryGetProperty("security_features_hex", out JsonElement bits)
                        ? int.Parse(bits.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                        : null;
                    Assert.Equal(features, ReferenceNonce.Read(Present(message.Nonce).ToArray()));
                    break;
                case "USERHASH":
                    Assert.Equal(Text(attribute, "value_hex"), Convert.ToHexStringLower(Present(message.Userhash).ToArray()));
                    break;
                case "PASSWORD-ALGORITHM":
                    Assert.Equal(attribute.GetProperty("algorithm").GetInt32(), Present(message.PasswordAlgorithm).Number);
                    Assert.Empty(Present(message.PasswordAlgorithm).Parameters.ToArray());
                    break;
                case "XOR-MAPPED-ADDRESS":
                    ReferenceAddress address = Present(message.XorMappedAddress);
                    Assert.Equal(attribute.GetProperty("port").GetInt32(), address.Port);
                    Assert.Equal(IPAddress.Parse(Text(attribute, "address")), new IPAddress(address.ToArray()));
                    break;
                case "MESSAGE-INTEGRITY":
                    Assert.True(message.MessageIntegrityOk(Key(name)));
                    Assert.False(message.MessageIntegrityOk([1, 2, 3]));
                    break;
                case "MESSAGE-INTEGRITY-SHA256":
                    Assert.True(message.MessageIntegritySha256Ok(Key(name)));
                    Assert.False(message.MessageIntegritySha256Ok([1, 2, 3]));
                    break;
                case "FINGERPRINT":
                    Assert.Equal(attribute.GetProperty("uint32").GetUInt32(), Present(message.Fingerprint));
                    Assert.True(message.FingerprintOk);
                    break;
                case "PRIORITY":
                case "ICE-CONTROLLED":
                    break;
                default:
                    Assert.Fail("No reader is checked for " + Text(attribute, "name"));
                    break;
            }
        }
    }

    [Fact]
    public void Decode_B1AsPrinted_IsTruncated()
    {
        Assert.Equal(
            ReferenceVerdict.Truncated,
            ReferenceMessage.Decode(RfcVectors.Bytes("rfc8489/B.1-as-printed"), acceptClassic: false, out _));
    }

    [Fact]
    public void Compute_CheckString_IsTheRegisteredValue()
    {
        Assert.Equal(0xCBF43926u, ReferenceCrc32.Compute(Encoding.ASCII.GetBytes("123456789"), 9));
    }

    private static ReferenceMessage Decode(string name)
    {
        Assert.Equal(ReferenceVerdict.Ok, ReferenceMessage.Decode(RfcVectors.Bytes(name), acceptClassic: false, out ReferenceMessage? message));
        return message!;
    }

    private static T Present<T>(ReferenceValue<T> value)
        where T : struct
    {
        Assert.Equal(ReferencePresence.Present, value.Presence);
        return value.Value;
    }

    [SuppressMessage("Security", "CA5351", Justification = "RFC 8489 section 9.2.2 derives the long-term key with MD5.")]
    private static byte[] Key(string name)
    {
        JsonElement credential = RfcVectors.Fields(name).GetProperty("credential");
        if (Text(credential, "kind") == "short-term")
        {
            return Encoding.UTF8.GetBytes(Text(credential, "hmac_key_utf8"));
        }

        byte[] text = Encoding.UTF8.GetBytes(
            $"{Text(credential, "username")}:{Text(credential, "realm")}:{Text(credential, "password_after_prep")}");
        return Text(credential, "key_derivation").StartsWith("MD5", StringComparison.Ordinal) ? MD5.HashData(text) : SHA256.HashData(text);
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
