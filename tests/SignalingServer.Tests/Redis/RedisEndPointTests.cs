using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class RedisEndPointTests
{
    [Theory]
    [InlineData("redis://127.0.0.1", "127.0.0.1", 6379, false, null, null)]
    [InlineData("redis://store.example:7000/", "store.example", 7000, false, null, null)]
    [InlineData("rediss://:p%40ss@[::1]:1", "::1", 1, true, null, "p@ss")]
    [InlineData("redis://user:pass@h", "h", 6379, false, "user", "pass")]
    public void TryParse_Uri_IsRead(string text, string host, int port, bool tls, string? user, string? password)
    {
        Assert.True(RedisEndPoint.TryParse(text, out RedisEndPoint? where));
        Assert.Equal((host, port, tls, user, password), (where.Host, where.Port, where.UsesTls, where.User, where.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:6379")]
    [InlineData("http://127.0.0.1")]
    [InlineData("redis://")]
    [InlineData("redis://h:0")]
    [InlineData("redis://h:65536")]
    [InlineData("redis://h/1")]
    [InlineData("redis://h?x")]
    [InlineData("redis://h#x")]
    [InlineData("redis://user@h")]
    public void TryParse_WhatIsNoStore_IsRefused(string text) => Assert.False(RedisEndPoint.TryParse(text, out _));

    [Fact]
    public void ToString_WithPassword_DoesNotShowIt()
    {
        Assert.True(RedisEndPoint.TryParse("redis://canary1:canary2@h:1", out RedisEndPoint? where));
        Assert.Equal("redis://h:1", where.ToString());
    }
}
