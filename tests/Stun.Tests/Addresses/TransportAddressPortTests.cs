using System;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class TransportAddressPortTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(65536)]
    public void WithPort_OutOfRange_IsTheCallersMistake(int port)
        => Assert.Throws<ArgumentOutOfRangeException>(() => TransportAddress.FromIPv4(0xC0000201, 1).WithPort(port));

    [Theory]
    [InlineData(0)]
    [InlineData(65535)]
    public void WithPort_InRange_ChangesThePortAlone(int port)
    {
        TransportAddress address = TransportAddress.FromIPv6(1, 2, scopeId: 3);
        TransportAddress other = address.WithPort(port);
        Assert.Equal(port, other.Port);
        Assert.True(other.HasSameAddress(address));
        Assert.Equal(3u, other.ScopeId);
    }
}
