using System;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Stack.Transport;

/// <summary>Tries the ports of a range, from a random one on.</summary>
internal static class PortChoice
{
    /// <summary>Opens a socket on the first port that is free.</summary>
    /// <exception cref="SocketException">All are taken, or the address cannot be used.</exception>
    public static T Open<T>(IcePortRange range, Func<int, T> open)
    {
        if (range.First == 0)
        {
            return open(0);
        }

        int count = range.Last - range.First + 1;
        int start = RandomNumberGenerator.GetInt32(count);
        for (int i = 0; ; i++)
        {
            try
            {
                return open(range.First + ((start + i) % count));
            }
            catch (SocketException error) when (i + 1 < count && error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                continue;
            }
        }
    }
}
