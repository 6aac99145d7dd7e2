using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

public sealed class StaticCredentialSourceTests
{
    private const string AliceMd5 = "61249fae4f54de6c481fcb1a75f10acf";
    private const string AliceSha256 = "317b2aa0542c3c0eef7c5b974d69882c5ff43d5efc93a32ebd7032b58cb8a769";
    private const string AliceUserhash = "435b7933096a304d3c734cfb833ec9075bd47ab1c0160321aed31c06a8c7009e";

    private static StaticCredentialSource Source(params StaticUser[] users) => new("example.org", users);

    // Computed with another program: MD5 and SHA-256 of alice:example.org:correct horse, SHA-256 of alice:example.org.
    [Fact]
    public void TryGetKey_UserWithPassword_GivesBothKeys()
    {
        using StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "correct horse"), StaticUser.FromPassword("bob", "other"));
        Assert.Equal(AliceMd5, source.Md5("alice"));
        Assert.Equal(AliceSha256, source.Sha256("alice"));
        Assert.Equal("alice", source.UserOf(AliceUserhash));
        Assert.Equal([AliceMd5], source.AllKeys("alice"));
        Assert.Equal(2, source.Count);
    }

    // The user types a decomposed name and a no-break space; on the wire and in the key they are what OpaqueString makes of them.
    [Fact]
    public void TryGetKey_NameAndPasswordOutsideAscii_ArePrepared()
    {
        using StaticCredentialSource source = Source(StaticUser.FromPassword("A\u030Angstr\u00F6m", "a\u00A0b\u212B"));
        Assert.Equal("7471595656c1a290d14992509a45217c", source.Md5("\u00C5ngstr\u00F6m"));
        Assert.Equal("bc929cfd634746d7388c4585cbfe0870021d3c7c51795e9cfdcefd5f6a276666", source.Sha256("\u00C5ngstr\u00F6m"));
        Assert.Equal("\u00C5ngstr\u00F6m", source.UserOf("b3c4c546aab7185b139390d69a16064d9391b97bb746f63b5a118db1e90f6d02"));
        Assert.Null(source.Md5("A\u030Angstr\u00F6m"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Alice")]
    [InlineData("alice ")]
    [InlineData("alice\0")]
    [InlineData("alic")]
    [InlineData("bob")]
    public void TryGetKey_UnknownName_FindsNobody(string name)
    {
        using StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "correct horse"));
        Assert.Null(source.Md5(name));
        Assert.Null(source.Sha256(name));
    }

    [Fact]
    public void TryGetKey_OtherRealmOrAlgorithm_FindsNobody()
    {
        using StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "correct horse"));
        Assert.Null(source.Md5("alice", "example.com"));
        Assert.Null(source.UserOf(AliceUserhash, "example.com"));
        Assert.Null(source.Key("alice"u8.ToArray(), StunPasswordAlgorithm.Reserved));
        Assert.Null(source.Key("alice"u8.ToArray(), (StunPasswordAlgorithm)0x8001));
        Assert.Null(source.UserOf(new string('0', 64)));
        Assert.Null(source.UserOf("00"));
    }

    [Fact]
    public void TryGetKey_UserWithKeys_GivesThemForTheirAlgorithm()
    {
        using StaticCredentialSource source = Source(
            StaticUser.FromKey("md5", Convert.FromHexString(AliceMd5)),
            StaticUser.FromKey("sha", Convert.FromHexString(AliceSha256)),
            StaticUser.FromKeys("both", Convert.FromHexString(AliceMd5), Convert.FromHexString(AliceSha256)));
        Assert.Equal(AliceMd5, source.Md5("md5"));
        Assert.Null(source.Sha256("md5"));
        Assert.Null(source.Md5("sha"));
        Assert.Equal(AliceSha256, source.Sha256("sha"));
        Assert.Equal(AliceMd5, source.Md5("both"));
        Assert.Equal(AliceSha256, source.Sha256("both"));
    }

    [Fact]
    public void TryGetKey_NameOf508Bytes_IsFound()
    {
        string name = string.Concat(Enumerable.Repeat("\u00E9", 254));
        using StaticCredentialSource source = Source(StaticUser.FromPassword(name, "p"));
        Assert.NotNull(source.Md5(name));
        Assert.Throws<ArgumentException>(() => StaticUser.FromPassword(name + "x", "p"));
    }

    [Fact]
    public void TryGetKey_AnyBytes_NeitherThrowsNorFinds()
    {
        using StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "correct horse"));
        SeededRandom random = new(7);
        for (int i = 0; i < 5000; i++)
        {
            byte[] name = new byte[random.Next(600)];
            random.GetBytes(name);
            Assert.Null(source.Key(name, StunPasswordAlgorithm.Md5));
        }
    }

    // security.md 3.5: no secret in a message or in text.
    [Fact]
    public void User_BadPart_ThrowsWithoutTheSecret()
    {
        foreach (string password in new[] { "", "canary\u0007", "canary\u00AD", "canary\ud800" })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => StaticUser.FromPassword("alice", password));
            Assert.DoesNotContain("canary", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => StaticUser.FromPassword("", "p"));
        Assert.Throws<ArgumentException>(() => StaticUser.FromPassword("a\nb", "p"));
        Assert.Throws<ArgumentException>(() => StaticUser.FromKey("a", new byte[20]));
        Assert.Throws<ArgumentException>(() => StaticUser.FromKeys("a", new byte[32], new byte[32]));
        Assert.Throws<ArgumentException>(() => StaticUser.FromKeys("a", new byte[16], new byte[16]));
        Assert.Equal("alice", StaticUser.FromPassword("alice", "canary").ToString());
        using StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "canary"));
        Assert.Equal("example.org: 1 users", source.ToString());
    }

    [Fact]
    public void Source_TwoUsersOfOneName_IsRefused()
    {
        // The second is the first once it is prepared.
        List<StaticUser> users = [StaticUser.FromPassword("\u212B", "p"), StaticUser.FromPassword("\u00C5", "q")];
        Assert.Throws<ArgumentException>(() => new StaticCredentialSource("example.org", users));
        Assert.Throws<ArgumentException>(() => new StaticCredentialSource("", []));
        Assert.Throws<ArgumentException>(() => new StaticCredentialSource("a\u0000", []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StaticCredentialSource(new string('r', 128), []));
    }

    [Fact]
    public void HasSameCredential_PasswordOrKey_IsCompared()
    {
        StaticUser alice = StaticUser.FromPassword("alice", "one");
        Assert.True(alice.HasSameCredential(StaticUser.FromPassword("alice", "one")));
        Assert.False(alice.HasSameCredential(StaticUser.FromPassword("alice", "two")));
        Assert.False(alice.HasSameCredential(StaticUser.FromPassword("bob", "one")));
        Assert.False(alice.HasSameCredential(StaticUser.FromKey("alice", new byte[16])));
        Assert.True(StaticUser.FromKey("a", new byte[16]).HasSameCredential(StaticUser.FromKey("a", new byte[16])));
        Assert.False(StaticUser.FromKey("a", new byte[16]).HasSameCredential(StaticUser.FromKey("a", new byte[32])));
    }

    [Fact]
    public void Dispose_Source_FindsNobodyAndNoErasedKey()
    {
        StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "correct horse"));
        source.Dispose();
        byte[] key = new byte[32];
        Assert.False(source.TryGetKey("alice"u8, "example.org", StunPasswordAlgorithm.Md5, key, out int length));
        Assert.Equal(0, length);
        Assert.Null(source.UserOf(AliceUserhash));
    }

    [Fact]
    public void TryGetKey_Lookup_AllocatesNothing()
    {
        using StaticCredentialSource source = Source(StaticUser.FromPassword("alice", "correct horse"));
        byte[] name = Encoding.UTF8.GetBytes("alice");
        byte[] userhash = Convert.FromHexString(AliceUserhash);
        byte[] key = new byte[32];
        byte[] found = new byte[508];
        Assert.Equal(0, Allocations.Measure(() =>
        {
            source.TryGetKey(name, "example.org", StunPasswordAlgorithm.Sha256, key, out _);
            source.TryFindUser(userhash, "example.org", found, out _);
        }));
    }
}
