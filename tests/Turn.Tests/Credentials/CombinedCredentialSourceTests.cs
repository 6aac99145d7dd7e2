using System;
using Xunit;

namespace Stack.Turn.Tests;

public sealed class CombinedCredentialSourceTests
{
    private const string NobodysUserhash = "8e6fdf0e5ea0b6b8ea0e3ba2a9a1c0a1d0a4a3a2a1a0a9a8a7a6a5a4a3a2a1a0";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void TryGetKey_SeveralSources_AreAskedInTurn()
    {
        using StaticCredentialSource users = new("example.org", [StaticUser.FromPassword("alice", "a"), StaticUser.FromPassword("1800000000:x", "b")]);
        using StaticCredentialSource others = new("example.org", [StaticUser.FromPassword("alice", "c"), StaticUser.FromPassword("bob", "d")]);
        using ExpiringCredentialSource issued = new(["0123456789abcdef0123456789abcdef"u8.ToArray(), "fedcba9876543210fedcba9876543210"u8.ToArray()], () => Now);
        CombinedCredentialSource all = new(users, others, issued);
        Assert.Equal([users.Md5("alice")!, others.Md5("alice")!], all.AllKeys("alice"));
        Assert.Equal([others.Md5("bob")!], all.AllKeys("bob"));
        Assert.Equal([users.Md5("1800000000:x")!, .. issued.AllKeys("1800000000:x")], all.AllKeys("1800000000:x"));
        Assert.Equal(3, all.AllKeys("1800000000:x").Count);
        Assert.Empty(all.AllKeys("1600000000:x"));
        Assert.Empty(all.AllKeys("carol"));
        Assert.Equal("x", all.AccountOf("1800000000:x"));
        Assert.Equal("alice", all.AccountOf("alice"));
    }

    [Fact]
    public void TryFindUser_SeveralSources_FindsTheUserOfAny()
    {
        using StaticCredentialSource users = new("example.org", [StaticUser.FromPassword("bob", "a")]);
        using StaticCredentialSource others = new("example.org", [StaticUser.FromPassword("alice", "c")]);
        CombinedCredentialSource all = new(users, others);
        Assert.Equal("alice", all.UserOf("435b7933096a304d3c734cfb833ec9075bd47ab1c0160321aed31c06a8c7009e"));
        Assert.Null(all.UserOf(NobodysUserhash));
    }

    [Fact]
    public void Source_NobodyToAsk_Throws() => Assert.Throws<ArgumentException>(() => new CombinedCredentialSource());
}
