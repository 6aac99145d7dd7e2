using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Cli;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Soak;

/// <summary>
/// The server under load, as stackcli serves with the defaults. Prints its endpoints; then, for each line on standard input, what it holds after a full
/// collection.
/// </summary>
internal static class SoakServer
{
    public const string Realm = "soak";

    public static async Task RunAsync(int clients)
    {
        AddressPrefix loopback = new(TransportAddress.FromIPAddress(IPAddress.Parse("127.0.0.0"), 0), 8);
        using var users = new StaticCredentialSource(
            Realm,
            Enumerable.Range(0, clients).Select(i => StaticUser.FromPassword($"user{i}", $"password{i}"))
                .Append(StaticUser.FromPassword("beside", "password")));
        TurnServerHost host = await TurnServerHost.StartAsync(new TurnServerHostOptions
        {
            Listen =
            [
                new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0)),
                new StunListenEndPoint(StunTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0)),
            ],
            Realm = Realm,
            Credentials = users,
            PeerRules = new PeerAddressRules { Allow = [loopback] },
        }).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            NativeHeap.KeepLittle();
            using var memory = new MemoryReturn(() => (host.AllocationCount, host.TakeMostAllocations()), TimeProvider.System);
            using var meter = new SoakMeter();
            Console.WriteLine($"{host.EndPoints[0].EndPoint} {host.EndPoints[1].EndPoint}");
            while (await Console.In.ReadLineAsync().ConfigureAwait(false) is not null)
            {
                Console.WriteLine(Measure(host, meter));
            }
        }
    }

    private static string Measure(TurnServerHost host, SoakMeter meter)
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        long heap = GC.GetTotalMemory(forceFullCollection: false);
        NativeHeap.Trim();
        var snapshot = new SoakSnapshot(
            heap,
            ThreadPool.ThreadCount,
            meter.Read("turn.server.relay_ports"),
            host.AllocationCount,
            meter.Read("turn.server.open_connections"),
            meter.Read("turn.server.faults"),
            meter.Read("turn.server.relayed_packets"));
        return snapshot.ToLine();
    }
}
