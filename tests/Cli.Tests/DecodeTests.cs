using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class DecodeTests
{
    public static TheoryData<string> Vectors => new([.. RfcVectors.Names("rfc5769"), .. RfcVectors.Names("rfc8489")]);

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task Decode_RfcVector_ShowsItsFields(string name)
    {
        JsonElement fields = RfcVectors.Fields(name);
        string hex = Convert.ToHexString(RfcVectors.Bytes(name));
        JsonElement credential = fields.GetProperty("credential");
        string[] user = credential.TryGetProperty("username", out JsonElement username) ? ["--user", username.GetString()!] : [];
        CliRun run = await CliRun.RunAsync(["decode", hex, "--json", "--password", GetPassword(credential), .. user]);
        SafeOutput.Check(run);
        JsonElement json = run.Object;
        JsonShape.HasCommonKeys(json, "decode");
        if (!fields.GetProperty("valid").GetBoolean())
        {
            Assert.Equal("truncated", json.GetProperty("status").GetString());
            Assert.Equal((int)ExitCode.Negative, run.ExitCode);
            JsonShape.IsFailure(json, "decode", "negative");
            return;
        }

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("ok", json.GetProperty("status").GetString());
        Assert.Equal(fields.GetProperty("method").GetString(), json.GetProperty("method").GetString());
        Assert.Equal(fields.GetProperty("transaction_id").GetString(), json.GetProperty("transactionId").GetString());
        Assert.Equal("valid", json.GetProperty("integrity").GetString());
        JsonElement[] expected = [.. fields.GetProperty("attributes").EnumerateArray()];
        JsonElement[] actual = [.. json.GetProperty("attributes").EnumerateArray()];
        Assert.Equal(expected.Select(Describe), actual.Select(a => $"{Text(a, "type")} {Text(a, "name")} {a.GetProperty("length")} {Text(a, "hex")} {Text(a, "padding")}"));
        Assert.Equal(expected.Any(a => Text(a, "name") == "FINGERPRINT") ? "valid" : "absent", json.GetProperty("fingerprint").GetString());

        static string Describe(JsonElement a)
            => $"{Text(a, "type")} {Text(a, "name")} {a.GetProperty("length")} {Text(a, "value_hex")} {Text(a, "padding_hex")}";
    }

    [Fact]
    public async Task Decode_AsText_ShowsOffsetLengthValueAndChecks()
    {
        CliRun run = await CliRun.RunAsync("decode", Convert.ToHexString(RfcVectors.Bytes("rfc5769/2.3-sample-ipv6-response")));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Binding success response", run.Output);
        Assert.Contains("at 36: 0x0020 XOR-MAPPED-ADDRESS, 20 bytes: [2001:db8:1234:5678:11:2233:4455:6677]:32853", run.Output);
        Assert.Contains("fingerprint     valid", run.Output);
        Assert.Contains("integrity       unchecked", run.Output);
    }

    [Theory]
    [InlineData("", "too-short")]
    [InlineData("0001", "too-short")]
    [InlineData("800100002112a442000000000000000000000000", "not-stun")]
    [InlineData("000100012112a442000000000000000000000000", "length-not-multiple-of-four")]
    [InlineData("000100042112a442000000000000000000000000", "truncated")]
    [InlineData("000100002112a44200000000000000000000000000000000", "trailing-bytes")]
    [InlineData("000100082112a442000000000000000000000000802200ff41414141", "attribute-truncated")]
    [InlineData("000100042112a44200000000000000000000000080280000", "fingerprint-malformed")]
    [InlineData("000100042112a44200000000000000000000000000080000", "integrity-malformed")]
    public async Task Decode_Malformed_NamesTheStatusAndExits1(string hex, string status)
    {
        CliRun run = await CliRun.RunAsync(new ConsoleEnvironment(), Convert.FromHexString(hex), ["decode", "-", "--json"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(status, run.Object.GetProperty("status").GetString());
        JsonShape.IsFailure(run.Object, "decode", "negative");
    }

    [Fact]
    public async Task Decode_AttributeCutShort_ShowsWhatThereIs()
    {
        CliRun run = await CliRun.RunAsync("decode", "000100082112a442000000000000000000000000802200ff41424344");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("SOFTWARE, 255 bytes: 41424344 [cut short]", run.Output);
    }

    [Fact]
    public async Task Decode_EveryPrefixAndManyBitFlips_NeverFailsOtherwise()
    {
        byte[] message = RfcVectors.Bytes("rfc5769/2.1-sample-request");
        for (int length = 0; length < message.Length; length++)
        {
            await CheckAsync(message[..length]);
        }

        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            byte[] changed = [.. message];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await CheckAsync(changed);
        }

        static async Task CheckAsync(byte[] bytes)
        {
            CliRun run = await CliRun.RunAsync(new ConsoleEnvironment(), bytes, ["decode", "-", "--json"]);
            SafeOutput.Check(run);

            // A changed cookie makes a classic message, a changed FINGERPRINT type one without FINGERPRINT: both are well formed.
            bool negative = run.Object.TryGetProperty("error", out JsonElement error);
            Assert.Equal(negative ? 1 : 0, run.ExitCode);
            Assert.Equal(negative, run.Object.GetProperty("status").GetString() != "ok" || run.Object.GetProperty("fingerprint").GetString() == "invalid");
            Assert.True(!negative || error.GetProperty("code").GetString() == "negative");
        }
    }

    [Fact]
    public async Task Decode_FingerprintOrIntegrityWrong_Exits1()
    {
        byte[] message = RfcVectors.Bytes("rfc5769/2.1-sample-request");
        message[^1] ^= 1;
        CliRun run = await CliRun.RunAsync("decode", Convert.ToHexString(message), "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("invalid", run.Object.GetProperty("fingerprint").GetString());

        run = await CliRun.RunAsync("decode", Convert.ToHexString(RfcVectors.Bytes("rfc5769/2.1-sample-request")), "--password", "wrong", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("invalid", run.Object.GetProperty("integrity").GetString());
    }

    [Fact]
    public async Task Decode_WithTheKeyItself_ChecksTheIntegrity()
    {
        string key = Convert.ToHexString(Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt"));
        CliRun run = await CliRun.RunAsync("decode", Convert.ToHexString(RfcVectors.Bytes("rfc5769/2.2-sample-ipv4-response")), "--key", key, "--json");
        Assert.Equal("valid", run.Object.GetProperty("integrity").GetString());
    }

    [Theory]
    [InlineData("4000000412345678", "ok", "12345678", 0)]
    [InlineData("40000003123456", "ok", "123456", 0)]
    [InlineData("4fff000312345600", "ok", "123456", 0)]
    [InlineData("40000005123456", "truncated", "123456", 1)]
    [InlineData("400000041234567800", "trailing-bytes", "12345678", 1)]
    [InlineData("4000", "too-short", "", 1)]
    public async Task Decode_ChannelData_IsRecognised(string hex, string status, string data, int exit)
    {
        CliRun run = await CliRun.RunAsync("decode", hex, "--json");
        Assert.Equal(exit, run.ExitCode);
        Assert.Equal("channel-data", run.Object.GetProperty("kind").GetString());
        Assert.Equal(status, run.Object.GetProperty("status").GetString());
        Assert.Equal(data, run.Object.GetProperty("data").GetString());
    }

    [Fact]
    public async Task Decode_BehindTheIntegrityAttribute_SaysThatItIsIgnored()
    {
        using var key = new IntegrityKey("k"u8);
        CliRun run = await CliRun.RunAsync("decode", Build(key));
        Assert.Contains("LIFETIME, 4 bytes: 3000 s [behind the integrity attribute, ignored]", run.Output);

        static string Build(IntegrityKey key)
        {
            var writer = new StunMessageWriter(new byte[256], StunMessageType.BindingRequest, TransactionId.Read(new byte[12]));
            writer.AddMessageIntegrity(key);
            byte[] message = [.. writer.Written, 0x00, 0x0D, 0x00, 0x04, 0x00, 0x00, 0x0B, 0xB8];
            message[3] += 8;
            return Convert.ToHexString(message);
        }
    }

    [Theory]
    [InlineData("0001 0000 2112 a442\n0102030405060708090a0b0c")]
    [InlineData("00:01:00:00:21:12:a4:42:01:02:03:04:05:06:07:08:09:0a:0b:0c")]
    [InlineData("0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x42, 0x01,0x02,0x03,0x04,0x05,0x06,0x07,0x08,0x09,0x0a,0x0b,0x0c")]
    [InlineData("00000000: 0001 0000 2112 a442 0102 0304 0506 0708  ....!..B........\n00000010: 090a 0b0c                                ....\n")]
    [InlineData("00000000  00 01 00 00 21 12 a4 42  01 02 03 04 05 06 07 08  |....!..B........|\n00000010  09 0a 0b 0c                                       |....|\n00000014\n")]
    [InlineData("\t0x0000:  0001 0000 2112 a442 0102 0304 0506 0708\n\t0x0010:  090a 0b0c\n")]
    [InlineData("00010000 # type and length\r\n2112a442 # cookie\r\n0102030405060708090a0b0c")]
    public async Task Decode_HexAsPeopleHaveIt_IsRead(string text)
    {
        CliRun run = await CliRun.RunAsync(new ConsoleEnvironment(), Encoding.ASCII.GetBytes(text), ["decode", "--json"]);
        Assert.Equal("ok", run.Object.GetProperty("status").GetString());
        Assert.Equal("0102030405060708090a0b0c", run.Object.GetProperty("transactionId").GetString());
    }

    [Fact]
    public async Task Decode_Files_AreReadAsBytesOrAsHex()
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, RfcVectors.Bytes("rfc5769/2.1-sample-request"));
            Assert.Equal("ok", (await CliRun.RunAsync("decode", path, "--json")).Object.GetProperty("status").GetString());
            await File.WriteAllBytesAsync(path, new byte[(1024 * 1024) + 1]);
            CliRun run = await CliRun.RunAsync("decode", path, "--json");
            Assert.Equal(2, run.ExitCode);
            JsonShape.IsFailure(run.Object, "decode", "usage");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Decode_HostileTexts_AreEscapedEverywhere()
    {
        string hex = Convert.ToHexString(BuildHostile());
        foreach (string[] arguments in (string[][])[["decode", hex], ["decode", hex, "-v"], ["decode", hex, "--json"]])
        {
            CliRun run = await CliRun.RunAsync(arguments);
            Assert.Equal(0, run.ExitCode);
            SafeOutput.Check(run);
        }

        static byte[] BuildHostile()
        {
            const string Hostile = "\u001b]0;pwn\u0007\u001b[2J\u009b31m\u202eabc\u2066\u200b\u2028\u007f\r\n";
            var writer = new StunMessageWriter(new byte[2048], StunMessageType.BindingErrorResponse, TransactionId.Read(new byte[12]));
            writer.AddErrorCode(StunErrorCode.ServerError, Encoding.UTF8.GetBytes(Hostile));
            writer.AddRealm(Encoding.UTF8.GetBytes(Hostile));
            writer.AddNonce(Encoding.UTF8.GetBytes(Hostile));
            writer.AddUsername(Encoding.UTF8.GetBytes(Hostile));
            writer.AddSoftware(Encoding.UTF8.GetBytes(Hostile));
            writer.Add(StunAttributeType.AlternateDomain, Encoding.UTF8.GetBytes(Hostile));
            return writer.Written.ToArray();
        }
    }

    // As it was typed: the command finds out how it was prepared.
    private static string GetPassword(JsonElement credential)
        => credential.TryGetProperty("password_before_prep", out JsonElement typed) ? typed.GetString()! : credential.GetProperty("password").GetString()!;

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
