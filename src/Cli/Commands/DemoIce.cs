using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Two ICE agents on loopback, with the demonstration's server between them.</summary>
internal sealed class DemoIce(IceServer server, TimeProvider time, Action<StunTrace>? trace)
{
    /// <summary>Connects, and sends a datagram there and back.</summary>
    /// <param name="policy">All for a direct path, or relay only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The path, and how long it took from both descriptions on.</returns>
    public async Task<(IcePath Path, TimeSpan Connecting)> RunAsync(IcePolicy policy, CancellationToken cancellationToken)
    {
        var caller = new IceConnection(GetOptions(IceRole.Controlling, policy));
        await using (caller.ConfigureAwait(false))
        {
            var callee = new IceConnection(GetOptions(IceRole.Controlled, policy));
            await using (callee.ConfigureAwait(false))
            {
                string told = (await caller.DescribeAsync(cancellationToken).ConfigureAwait(false)).ToJson();
                string answered = (await callee.DescribeAsync(cancellationToken).ConfigureAwait(false)).ToJson();
                long began = time.GetTimestamp();
                caller.AddRemote(answered);
                callee.AddRemote(told);
                await caller.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await callee.ConnectAsync(cancellationToken).ConfigureAwait(false);
                TimeSpan connecting = time.GetElapsedTime(began);
                await EchoAsync(caller, callee, cancellationToken).ConfigureAwait(false);
                return (caller.Path!, connecting);
            }
        }
    }

    private static async Task EchoAsync(IceConnection caller, IceConnection callee, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64];
        await caller.SendAsync("hello"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        int length = await callee.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        await callee.SendAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        length = await caller.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (!buffer.AsSpan(0, length).SequenceEqual("hello"u8))
        {
            throw new CommandException(new Failure(ExitCode.Negative, "lost", "The datagram came back changed.", "Please report it."));
        }
    }

    private IceOptions GetOptions(IceRole role, IcePolicy policy) => new()
    {
        Role = role,
        Policy = policy,
        Servers = [server],
        AllowsLoopback = true,
        InterfaceFilter = static address => address.Address.IsLoopback && address.Address.Family == StunAddressFamily.IPv4,
        Trace = trace,
        TimeProvider = time,
    };
}
