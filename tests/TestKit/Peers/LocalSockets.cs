using System;
using System.Diagnostics;
using System.Linq;
using System.Net.NetworkInformation;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>The sockets that this machine has open, for programs that do not say when they are ready.</summary>
public static class LocalSockets
{
    /// <summary>Waits until a number of UDP sockets are bound to a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="count">How many sockets.</param>
    /// <param name="timeout">When to give up.</param>
    /// <exception cref="TimeoutException">They are not there in time.</exception>
    public static async Task WaitForUdpAsync(int port, int count, TimeSpan timeout)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Count(endPoint => endPoint.Port == port) < count)
        {
            if (watch.Elapsed > timeout)
            {
                throw new TimeoutException($"Fewer than {count} UDP sockets have port {port}.");
            }

            await Task.Delay(20);
        }
    }
}
