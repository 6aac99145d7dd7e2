using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Sessions;
using Stack.Signaling.Server;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Two machines and a word, on loopback: a signaling server, and two sessions that join it.</summary>
internal sealed class DemoSession(TimeProvider time, Action<StunTrace>? trace)
{
    /// <summary>Joins twice.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The word, the server, the path of one side, and how long it took from the other one's coming.</returns>
    public async Task<(string Word, Uri Server, IcePath Path, TimeSpan Connecting)> RunAsync(CancellationToken cancellationToken)
    {
        string word = SessionWord.Create();
        SignalingServerHost host = await SignalingServerHost
            .StartAsync(new SignalingServerOptions { Listen = [new SignalingListenEndPoint(false, new IPEndPoint(IPAddress.Loopback, 0))], TimeProvider = time }, cancellationToken)
            .ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            var server = new Uri(host.EndPoints.Single().ToString());
            IceSession first = await IceSession.JoinAsync(GetOptions(server, word, "first"), cancellationToken).ConfigureAwait(false);
            await using (first.ConfigureAwait(false))
            {
                IceSession second = await IceSession.JoinAsync(GetOptions(server, word, "second"), cancellationToken).ConfigureAwait(false);
                await using (second.ConfigureAwait(false))
                {
                    while (true)
                    {
                        IceSessionEvent happened = await first.ReadEventAsync(cancellationToken).ConfigureAwait(false);
                        if (happened.Kind == IceSessionEventKind.Failed)
                        {
                            throw happened.Error!;
                        }

                        if (happened is { Kind: IceSessionEventKind.Connected, Path: { } path, Elapsed: { } elapsed })
                        {
                            return (word, server, path, elapsed);
                        }
                    }
                }
            }
        }
    }

    private IceSessionOptions GetOptions(Uri server, string word, string name) => new()
    {
        Server = server,
        Session = word,
        Name = name,
        Ice = new IceOptions
        {
            AllowsLoopback = true,
            InterfaceFilter = static address => address.Address.IsLoopback && address.Address.Family == StunAddressFamily.IPv4,
            Trace = trace,
            TimeProvider = time,
        },
    };
}
