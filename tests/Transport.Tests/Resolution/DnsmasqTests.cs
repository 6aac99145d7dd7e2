using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The client against a name server that others wrote.</summary>
public sealed class DnsmasqTests
{
    // Every query is answered; how long that takes is the machine's business.
    private static readonly SlowTimeProvider Slow = new(20);

    [RequiresFact(Requirement.Dnsmasq, Timeout = Patience.Milliseconds)]
    public async Task Query_Dnsmasq_AnswersEveryType()
    {
        await using Dnsmasq server = await Dnsmasq.StartAsync();
        DnsClient client = server.CreateClient();

        DnsAnswer services = await AskAsync(client, "_stun._udp.stack.example", DnsRecordType.Srv);
        DnsAnswer many = await AskAsync(client, "_many._udp.stack.example", DnsRecordType.Srv);
        DnsAnswer alias = await AskAsync(client, "alias.stack.example", DnsRecordType.A);
        DnsAnswer v6 = await AskAsync(client, "a.stack.example", DnsRecordType.Aaaa);
        DnsAnswer naming = await AskAsync(client, "turn.stack.example", DnsRecordType.Naptr);
        DnsAnswer empty = await AskAsync(client, "b.stack.example", DnsRecordType.Aaaa);
        DnsAnswer unknown = await AskAsync(client, "nobody.stack.example", DnsRecordType.A);

        Assert.Equal(
            [new DnsServiceRecord(10, 5, 3478, "a.stack.example"), new DnsServiceRecord(20, 5, 3479, "b.stack.example")],
            services.Records.Cast<DnsServiceRecord>().OrderBy(record => record.Priority));
        Assert.Equal(DnsResponse.MaxRecords, many.Records.Count);
        Assert.Equal([new DnsAddressRecord(IPAddress.Parse("192.0.2.1"))], alias.Records);
        Assert.Equal([new DnsAddressRecord(IPAddress.Parse("2001:db8::1"))], v6.Records);
        Assert.Equal([new DnsNamingRecord(100, 10, "S", "RELAY:turn.udp", "_turn._udp.stack.example")], naming.Records);
        Assert.Equal(DnsAnswerStatus.NoRecords, empty.Status);
        Assert.Equal(DnsAnswerStatus.NameUnknown, unknown.Status);
    }

    [RequiresFact(Requirement.Dnsmasq, Timeout = Patience.Milliseconds)]
    public async Task Locate_Dnsmasq_GivesTargetsByPriority()
    {
        await using Dnsmasq server = await Dnsmasq.StartAsync();
        ScriptedNames hosts = new ScriptedNames().Host("a.stack.example", "192.0.2.1").Host("b.stack.example", "192.0.2.2");
        StunServerLocator locator = new(server.CreateClient(), hosts, Slow);

        StunServerAddress[] found = [.. await locator.LocateAsync(new StunServerQuery("stack.example"), CancellationToken.None)];
        StunResolutionException error = await Assert.ThrowsAsync<StunResolutionException>(
            () => locator.LocateAsync(new StunServerQuery("closed.stack.example"), CancellationToken.None));

        Assert.Equal(["192.0.2.1:3478", "192.0.2.2:3479"], found.Select(address => address.EndPoint.ToString()));
        Assert.Equal(StunResolutionFailure.ServiceNotAvailable, error.Failure);
    }

    private static async Task<DnsAnswer> AskAsync(DnsClient client, string name, DnsRecordType type) =>
        await client.QueryAsync(name, type, DnsClient.MaximumBudget, CancellationToken.None);

    private sealed class Dnsmasq(Process process, IPEndPoint endPoint) : IAsyncDisposable
    {
        public DnsClient CreateClient()
        {
            NameServerSettings settings = new([endPoint], NameServerSettings.DefaultTimeout, NameServerSettings.DefaultAttempts);
            return new DnsClient(() => settings, Slow, RandomNumberGenerator.Create());
        }

        public static async Task<Dnsmasq> StartAsync()
        {
            for (int tries = 1; ; tries++)
            {
                IPEndPoint endPoint = FindPort();
                Process process = Start(endPoint.Port);

                // The first line says "started" once the sockets are bound, or why they are not.
                string line = await process.StandardError.ReadLineAsync() ?? "";
                if (line.Contains("started", StringComparison.Ordinal))
                {
                    return new Dnsmasq(process, endPoint);
                }

                await process.WaitForExitAsync();
                process.Dispose();
                Assert.True(tries < 5, $"dnsmasq does not start: {line}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        private static Process Start(int port)
        {
            ProcessStartInfo start = new("dnsmasq") { RedirectStandardError = true, UseShellExecute = false };
            string[] arguments =
            [
                "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--pid-file", "--no-resolv", "--no-hosts", "--no-daemon",
                "--listen-address=127.0.0.1", "--bind-interfaces", $"--port={port}", "--local=/stack.example/",
                "--srv-host=_stun._udp.stack.example,b.stack.example,3479,20,5", "--srv-host=_stun._udp.stack.example,a.stack.example,3478,10,5",
                "--srv-host=_stun._udp.closed.stack.example",
                "--host-record=a.stack.example,192.0.2.1,2001:db8::1", "--host-record=b.stack.example,192.0.2.2", "--cname=alias.stack.example,a.stack.example",
                "--naptr-record=turn.stack.example,100,10,S,RELAY:turn.udp,,_turn._udp.stack.example",
                .. Enumerable.Range(0, 60).Select(i => $"--srv-host=_many._udp.stack.example,host-number-{i}.stack.example,3478,{i}"),
            ];
            Array.ForEach(arguments, start.ArgumentList.Add);
            return Process.Start(start)!;
        }

        private static IPEndPoint FindPort()
        {
            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return (IPEndPoint)probe.LocalEndPoint!;
        }
    }
}
