using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;

namespace Stack.Transport.Tests;

/// <summary>The example of a connection, compiled; two peers of one process that tell each other by method calls.</summary>
internal static class ReadmeIceExample
{
    public static async Task RunAsync(IceOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        // README: from here
        await using var left = new IceConnection(options with { Role = IceRole.Controlling });    // Servers = [new IceServer("stun:stun.example.org")]
        await using var right = new IceConnection(options with { Role = IceRole.Controlled });    // the other machine
        _ = TellAsync(left.LocalSignals(cancellationToken), right);                               // your signaling: one line of JSON each time
        _ = TellAsync(right.LocalSignals(cancellationToken), left);

        await Task.WhenAll(left.ConnectAsync(cancellationToken), right.ConnectAsync(cancellationToken));
        await left.SendAsync("hello"u8.ToArray(), cancellationToken);
        byte[] buffer = new byte[1500];
        int length = await right.ReceiveAsync(buffer, cancellationToken);
        output.WriteLine($"{Encoding.UTF8.GetString(buffer, 0, length)} over {right.Path!.Remote.Type}");

        static async Task TellAsync(IAsyncEnumerable<IceSignal> signals, IceConnection peer)
        {
            await foreach (IceSignal signal in signals)
            {
                peer.AddRemote(IceSignal.Parse(signal.ToJson()));
            }
        }

        // README: to here
    }
}
