using System;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

public sealed class ExpiringCredentialSourceTests
{
    private static readonly byte[] Secret = "0123456789abcdef0123456789abcdef"u8.ToArray();
    private static readonly byte[] OtherSecret = "fedcba9876543210fedcba9876543210"u8.ToArray();
    private static readonly DateTimeOffset Expiry = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private static ExpiringCredentialSource Source(DateTimeOffset now, params byte[][] secrets)
        => new(secrets.Length == 0 ? [Secret] : secrets, () => now);

    // Computed with other programs: the HMAC of the name under the secret, in base64, then the keys of RFC 8489 section 18.5.1 with it.
    [Theory]
    [InlineData(
        "1800000000:alice",
        ExpiringPasswordHash.Sha1,
        "71b1e4025614d97d4466fe177e89c75d",
        "7e16fdba193b3709059ec95017e4e1043fd0f29940a8b1f9818eedc9082e082e")]
    [InlineData(
        "1800000000:alice",
        ExpiringPasswordHash.Sha256,
        "cbcef987073daa18650c5519e24b0400",
        "af4deac1a687f5f1cbddbc019ab4ad5208325c613f0c67afe6a863c534b877e0")]
    [InlineData(
        "1800000000",
        ExpiringPasswordHash.Sha1,
        "6c0dcd008a40b74933910dba633a63f6",
        "53ce23f0de5f97e47fea3ea154d50a00e1373559671f40cfb3891730b4e49bfa")]
    [InlineData(
        "1800000000",
        ExpiringPasswordHash.Sha256,
        "63c52f2a8eb3ad40ebf89eb2e58c1970",
        "cb16f770f964f10bbd796adf8479112f8bc4e1d6a0f02a8f561b570cd08395e5")]
    [InlineData(
        "1800000000:z\u00FCrich:x",
        ExpiringPasswordHash.Sha1,
        "e3656d2424364f891e22579fdaabcefc",
        "108a0adc3c35acec777a8c31e013a75f8e7c054dbaaf84f7524490980f1411a9")]
    public void TryGetKey_ValidName_GivesTheKeysOfThePassword(string name, ExpiringPasswordHash hash, string md5, string sha256)
    {
        using ExpiringCredentialSource source = new([Secret], () => Expiry.AddHours(-1), hash);
        Assert.Equal(md5, source.Md5(name));
        Assert.Equal(sha256, source.Sha256(name));
    }

    [Theory]
    [InlineData(ExpiringPasswordHash.Sha1, "TIaHRNkws/BwdnUQtrNiaMdKjYg=")]
    [InlineData(ExpiringPasswordHash.Sha256, "FCFoBGQMt38YdLQw+GB4aCsM2weOUrsdNhDwH8dh2ak=")]
    public void Create_UserAndTime_GivesTheKnownPassword(ExpiringPasswordHash hash, string password)
    {
        ExpiringCredential credential = ExpiringCredential.Create(Secret, "alice", Expiry.AddMilliseconds(900), hash);
        Assert.Equal("1800000000:alice", credential.Username);
        Assert.Equal(password, credential.Password);
        Assert.Equal(Expiry, credential.Expires);
        Assert.Equal("1800000000:alice", credential.ToString());
    }

    [Fact]
    public void Create_NobodyInParticular_IsTheTimeAlone()
        => Assert.Equal(("1800000000", "X6emBktNz7M2dChfuVytus1yRlo="), (
            ExpiringCredential.Create(Secret, "", Expiry).Username,
            ExpiringCredential.Create(Secret, "", Expiry).Password));

    [Fact]
    public void Create_Credential_OpensTheSource()
    {
        ExpiringCredential credential = ExpiringCredential.Create(Secret, "A\u030A \u212B", Expiry);
        LongTermCredential client = new(credential.Username, credential.Password);
        using ExpiringCredentialSource source = Source(Expiry.AddSeconds(-1));
        Assert.Equal(
            Convert.ToHexStringLower(LongTermCredential.DeriveKey(client.Username, "example.org", credential.Password, StunPasswordAlgorithm.Md5)),
            source.Md5(client.Username));
    }

    [Fact]
    public void Create_WhatCannotBe_Throws()
    {
        Assert.Throws<ArgumentException>(() => ExpiringCredential.Create(Secret, "a\nb", Expiry));
        Assert.Throws<ArgumentException>(() => ExpiringCredential.Create(Secret, new string('x', 498), Expiry));
        Assert.Equal(508, ExpiringCredential.Create(Secret, new string('x', 497), Expiry).Username.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => ExpiringCredential.Create(Secret, "a", DateTimeOffset.UnixEpoch.AddSeconds(-1)));
    }

    // security.md T66, and both sides of the edge.
    [Theory]
    [InlineData(-3600_000, true)]
    [InlineData(-1000, true)]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1000, false)]
    public void TryGetKey_AroundTheExpiry_IsRefusedFromItOn(int milliseconds, bool expected)
    {
        using ExpiringCredentialSource source = Source(Expiry.AddMilliseconds(milliseconds));
        Assert.Equal(expected, source.Md5("1800000000:alice") is not null);
        Assert.Equal(expected, source.Sha256("1800000000") is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData(":")]
    [InlineData(":alice")]
    [InlineData("alice:1800000000")]
    [InlineData("1800000000x")]
    [InlineData("1800000000x:alice")]
    [InlineData("1800000000 :alice")]
    [InlineData(" 1800000000:alice")]
    [InlineData("+1800000000:alice")]
    [InlineData("-1800000000:alice")]
    [InlineData("0x6B49D200:alice")]
    [InlineData("1.8e9:alice")]
    [InlineData("1000000000000:alice")]
    [InlineData("99999999999999999999999999999999999999:alice")]
    [InlineData("\uFF11\uFF18\uFF10\uFF10\uFF10\uFF10\uFF10\uFF10\uFF10\uFF10:alice")]
    public void TryGetKey_NameWithoutATime_FindsNobody(string name)
    {
        using ExpiringCredentialSource source = Source(Expiry.AddHours(-1));
        Assert.Null(source.Md5(name));
        Assert.Equal(name, source.AccountOf(name));
    }

    [Fact]
    public void TryGetKey_AnyBytes_NeverThrows()
    {
        using ExpiringCredentialSource source = Source(Expiry.AddHours(-1));
        SeededRandom random = new(11);
        int found = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] name = new byte[random.Next(1000)];
            random.GetBytes(name);
            if (random.Chance(0.5) && name.Length > 11)
            {
                "1800000000:"u8.CopyTo(name);
            }

            found += source.Key(name, StunPasswordAlgorithm.Sha256) is null ? 0 : 1;
            Assert.True(source.GetAccount(name).Length <= name.Length);
        }

        Assert.InRange(found, 1000, 3000);
    }

    [Fact]
    public void TryGetKey_LongNameAndRealm_AreBounded()
    {
        using ExpiringCredentialSource source = Source(Expiry.AddHours(-1));
        Assert.NotNull(source.Md5("1800000000:".PadRight(508, 'x'), new string('r', 763)));
        Assert.Null(source.Md5("1800000000:".PadRight(509, 'x')));
        Assert.Null(source.Md5("1800000000:alice", new string('r', 764)));
        Assert.Null(source.Key("1800000000:alice"u8.ToArray(), (StunPasswordAlgorithm)3));
    }

    [Theory]
    [InlineData("1800000000:alice", "alice")]
    [InlineData("1800000001:alice", "alice")]
    [InlineData("1800000000:alice:phone", "alice:phone")]
    [InlineData("1800000000", "1800000000")]
    [InlineData("1800000000:", "1800000000:")]
    public void GetAccount_Name_IsWhatStandsBehindTheTime(string name, string account)
    {
        using ExpiringCredentialSource source = Source(Expiry);
        Assert.Equal(account, source.AccountOf(name));
    }

    // While a secret is changed, credentials of both are good.
    [Fact]
    public void TryGetOtherKey_SeveralSecrets_GivesAKeyForEach()
    {
        using ExpiringCredentialSource both = Source(Expiry.AddHours(-1), OtherSecret, Secret);
        using ExpiringCredentialSource first = Source(Expiry.AddHours(-1), OtherSecret);
        using ExpiringCredentialSource second = Source(Expiry.AddHours(-1), Secret);
        Assert.Equal([first.Md5("1800000000:alice")!, second.Md5("1800000000:alice")!], both.AllKeys("1800000000:alice"));
        Assert.NotEqual(first.Md5("1800000000:alice"), second.Md5("1800000000:alice"));
        Assert.Empty(both.AllKeys("1:alice"));
        Assert.False(both.TryGetOtherKey(-1, "1800000000"u8, "example.org", StunPasswordAlgorithm.Md5, new byte[32], out _));
    }

    [Fact]
    public void Source_ErasedSecretOfTheCaller_IsItsOwnCopy()
    {
        byte[] mine = [.. Secret];
        using ExpiringCredentialSource source = Source(Expiry.AddHours(-1), mine);
        string? before = source.Md5("1800000000");
        mine.AsSpan().Clear();
        Assert.Equal(before, source.Md5("1800000000"));
    }

    // security.md L15 and V50.
    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("changeme")]
    [InlineData("canary-15-bytes")]
    [InlineData("changemechangeme")]
    [InlineData("CHANGEMEchangemechangeme")]
    [InlineData("secretsecretsecret")]
    [InlineData("0000000000000000")]
    public void Source_WeakSecret_IsRefusedWithoutShowingIt(string secret)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(secret);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Source(Expiry, Secret, bytes));
        Assert.Throws<ArgumentException>(() => ExpiringCredential.Create(bytes, "a", Expiry));
        Assert.DoesNotContain("canary", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("changeme", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Source_NumberOfSecrets_IsBounded()
    {
        Assert.Throws<ArgumentException>(() => new ExpiringCredentialSource([], () => Expiry));
        Assert.Throws<ArgumentException>(() => new ExpiringCredentialSource([.. Enumerable.Repeat(Secret, 9)], () => Expiry));
        using ExpiringCredentialSource eight = new([.. Enumerable.Repeat(Secret, 8)], () => Expiry.AddHours(-1));
        Assert.Equal(8, eight.AllKeys("1800000000").Count);
        Assert.Equal("8 shared secrets, HMAC-Sha1", eight.ToString());
    }

    [Fact]
    public void Dispose_Source_FindsNobody()
    {
        ExpiringCredentialSource source = Source(Expiry.AddHours(-1));
        source.Dispose();
        Assert.Null(source.Md5("1800000000:alice"));
    }

    [Fact]
    public void TryGetKey_Lookup_AllocatesNothing()
    {
        using ExpiringCredentialSource source = Source(Expiry.AddHours(-1));
        byte[] name = Encoding.UTF8.GetBytes("1800000000:alice");
        byte[] key = new byte[32];
        Assert.Equal(0, Allocations.Measure(() =>
        {
            source.TryGetKey(name, "example.org", StunPasswordAlgorithm.Md5, key, out _);
            source.TryGetKey(name, "example.org", StunPasswordAlgorithm.Sha256, key, out _);
            source.GetAccount(name);
        }));
    }
}
