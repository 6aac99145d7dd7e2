using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>What can go wrong around <c>stackcli serve</c>: its configuration, its port, its disk, its time. security.md V46, K5, L08, L12, L14, L16.</summary>
public sealed class ServeTroubleTests
{
    [RequiresTheory(Requirement.None)]
    [InlineData("  \"lisen\": [\"udp://127.0.0.1:0\"]", "lisen")]
    [InlineData("  \"realm\": \"a\", \"realm\": \"b\"", "realm")]
    [InlineData("  \"deny-peer\": [\"10.0.0.0/8\", \"10.0.0.0/33\"]", "deny-peer")]
    [InlineData("  \"listen\": [\"udp://127.0.0.1:65536\"]", "listen")]
    [InlineData("  \"limits\": { \"permissions-per-allocation\": 0 }", "permissions-per-allocation")]
    [InlineData("  \"auth-secret-file\": \"nowhere\"", "auth-secret-file")]
    public async Task Configuration_Wrong_Exits2AndNamesFileKeyAndLine(string line, string key)
    {
        using TemporaryFolder folder = new();
        string config = folder.Write("serve.json", "{\n  \"log\": {},\n" + line + "\n}\n");
        ProcessResult run = await StackCliRun.RunAsync(LabHost.Local, "serve", "--config", config, "--timeout", "5");
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains("serve.json:3", run.Error, StringComparison.Ordinal);
        Assert.Contains(key, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Stack", run.Error, StringComparison.Ordinal);
    }

    [RequiresTheory(Requirement.None)]
    [InlineData("udp", SocketType.Dgram, ProtocolType.Udp)]
    [InlineData("tcp", SocketType.Stream, ProtocolType.Tcp)]
    public async Task Port_Busy_Exits3AndSaysSo(string transport, SocketType type, ProtocolType protocol)
    {
        using Socket holder = new(AddressFamily.InterNetwork, type, protocol);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (type == SocketType.Stream)
        {
            holder.Listen(1);
        }

        ProcessResult run = await StackCliRun.RunAsync(
            LabHost.Local, "serve", "--listen", $"{transport}://{holder.LocalEndPoint}", "--realm", "example.org", "--user", "u:p", "--timeout", "5");
        Assert.True(run.ExitCode == 3, run.ToString());
        Assert.Contains("is in use", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Stack", run.Error, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.None)]
    public async Task LogFile_OnAFullDisk_StopsNothing()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync("--log-file", "/dev/full", "--log-level", "debug");
        using TurnWireClient client = TurnWireClient.Udp(LabHost.Local, server.EndPoint("udp"));
        for (int i = 0; i < 20; i++)
        {
            AssertRelays(client, client.Allocate());
            Assert.Equal(default, TurnWireClient.Error(client.Ask(
                StunMethod.Refresh,
                static (ref StunMessageWriter writer) => Turn.LifetimeAttribute.AddLifetime(ref writer, TimeSpan.Zero))));
        }

        Assert.Equal(0, (await server.TerminateAsync()).ExitCode);
    }

    [RequiresFact(Requirement.None)]
    public async Task Stopped_For5Seconds_GoesOnWhereItWas()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        using TurnWireClient client = TurnWireClient.Udp(LabHost.Local, server.EndPoint("udp"));
        IPEndPoint relayed = client.Allocate();
        AssertRelays(client, relayed);
        using Socket peer = TurnWireClient.Peer(LabHost.Local, IPAddress.Loopback);
        await server.SignalAsync("STOP");
        try
        {
            client.SendTo((IPEndPoint)peer.LocalEndPoint!, [9]);
            await LabHost.Local.RunAsync(TimeSpan.FromSeconds(30), "sleep", "5");
        }
        finally
        {
            await server.SignalAsync("CONT");
        }

        Assert.Equal(1, peer.Receive(new byte[4]));
        AssertRelays(client, relayed);
        using TurnWireClient another = TurnWireClient.Udp(LabHost.Local, server.EndPoint("udp"));
        AssertRelays(another, another.Allocate());
    }

    private static void AssertRelays(TurnWireClient client, IPEndPoint relayed)
    {
        using Socket peer = TurnWireClient.Peer(LabHost.Local, IPAddress.Loopback);
        Assert.Equal(default, client.Permit(IPAddress.Loopback));
        client.SendTo((IPEndPoint)peer.LocalEndPoint!, [1, 2]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(2, peer.ReceiveFrom(new byte[4], ref from));
        Assert.Equal(relayed, from);
        peer.SendTo([3, 4, 5], from);
        (IPEndPoint? sender, byte[] data) = client.ReadData();
        Assert.Equal(peer.LocalEndPoint, sender);
        Assert.Equal([3, 4, 5], data);
    }
}
