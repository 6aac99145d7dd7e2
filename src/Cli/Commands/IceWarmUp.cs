using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>
/// Connects two agents of this process over loopback while a person carries the descriptions across. What a first connection makes the runtime compile
/// and load, some hundred milliseconds, is done when it counts. Nothing leaves the machine; where loopback cannot be used, nothing is lost.
/// </summary>
internal static class IceWarmUp
{
    // Enough calls of what runs for each check that the runtime compiles it for good, and does so before it counts.
    private const int Rounds = 16;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(Limit);
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                await ConnectAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IceException or ObjectDisposedException)
        {
            // The connection that counts says what is wrong.
        }
    }

    private static async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var first = new IceConnection(GetOptions(IceRole.Controlling));
        await using (first.ConfigureAwait(false))
        {
            var second = new IceConnection(GetOptions(IceRole.Controlled));
            await using (second.ConfigureAwait(false))
            {
                string told = (await first.DescribeAsync(cancellationToken).ConfigureAwait(false)).ToJson();
                first.AddRemote(await second.DescribeAsync(cancellationToken).ConfigureAwait(false));
                second.AddRemote(await CarryAsync(told, cancellationToken).ConfigureAwait(false));
                await first.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await second.ConnectAsync(cancellationToken).ConfigureAwait(false);
                byte[] buffer = new byte[64];
                await first.SendAsync(buffer, cancellationToken).ConfigureAwait(false);
                await second.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // As the other side's line comes.
    private static async Task<IceSignal> CarryAsync(string told, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(told + "\n"));
        using StreamReader reader = DescriptionLine.Open(stream);
        string? line = await DescriptionLine.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
        return IceSignal.TryParse(line ?? "", out IceSignal? signal, out string? problem) ? signal : throw new FormatException(problem);
    }

    private static IceOptions GetOptions(IceRole role) => new()
    {
        Role = role,
        AllowsLoopback = true,
        InterfaceFilter = static address => address.Address.IsLoopback,
        Tcp = IceTcpCandidates.None,
    };
}
