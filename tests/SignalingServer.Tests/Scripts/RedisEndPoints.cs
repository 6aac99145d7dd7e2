using System;
using Stack.TestKit;

namespace Stack.Signaling.Server.Tests;

/// <summary>A test's store as the server is told of it.</summary>
internal static class RedisEndPoints
{
    public static RedisEndPoint GetEndPoint(this RedisServer store) => store.GetEndPoint(store.Port);

    /// <summary>The same store by another port, such as a proxy's.</summary>
    public static RedisEndPoint GetEndPoint(this RedisServer store, int port)
        => RedisEndPoint.TryParse(store.GetUri(port), out RedisEndPoint? where) ? where : throw new InvalidOperationException();
}
