using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>What a server does to the process that it is in.</summary>
[Collection(ProcessWide.Name)]
public sealed class TurnServerHostProcessTests
{
    [RequiresTheory(Requirement.LinuxCalls, Timeout = Patience.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_AfterEveryKindOfSocket_LeavesNoDescriptor(bool portable)
    {
        const int Attempts = 5;
        await LiveAsync(portable);
        int least = int.MaxValue;

        // What earlier tests have left is closed, and what the runtime opens for itself is opened, in one of the attempts; what a server leaves
        // is left in all.
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            LiveMemory.CollectAll();
            int before = Directory.GetFiles("/proc/self/fd").Length;
            await LiveAsync(portable);
            await LiveAsync(portable);

            // Nothing is collected here: what only a finalizer closes is left, too.
            least = Math.Min(least, Directory.GetFiles("/proc/self/fd").Length - before);
        }

        Assert.InRange(least, int.MinValue, 0);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Metrics_WhileASessionLives_Move()
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(TurnHosts.Options(Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tcp)));
        using RawTurnClient client = RawTurnClient.Udp(host.At(StunTransport.Udp));
        using RawTurnClient stream = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        using Socket peer = RawClient.Udp();
        using Socket stranger = RawClient.Udp();
        IPEndPoint relayed = await client.AllocateAsync();
        await client.PermitAsync((IPEndPoint)peer.LocalEndPoint!);
        await stream.AllocateAsync();

        Dictionary<string, long> before = await ReadAsync(host);
        Assert.Equal(2, before["allocations"]);
        Assert.Equal(2, before["relay_ports"]);
        Assert.Equal(1, before["open_connections"]);
        Assert.Equal(1, before["messages outcome=challenged transport=udp"]);
        Assert.Equal(1, before["messages outcome=challenged transport=tcp"]);
        await client.SendToAsync((IPEndPoint)peer.LocalEndPoint!, new byte[30]);
        await RawClient.ReceiveAsync(peer);
        await peer.SendToAsync(new byte[50], relayed);
        await client.ReadAsync();

        Dictionary<string, long> after = await ReadAsync(host);
        Assert.Equal(1, after["relayed_packets direction=to-peer"] - before["relayed_packets direction=to-peer"]);
        Assert.Equal(30, after["relayed_bytes direction=to-peer"] - before["relayed_bytes direction=to-peer"]);
        Assert.Equal(1, after["relayed_packets direction=to-client"] - before["relayed_packets direction=to-client"]);
        Assert.Equal(50, after["relayed_bytes direction=to-client"] - before["relayed_bytes direction=to-client"]);
        Assert.Equal(1, after["messages outcome=relayed transport=udp"]);
        Assert.Equal(1, after["peer_datagrams outcome=relayed"]);
        Assert.Equal(0, after["faults"]);
    }

    private static async Task<Dictionary<string, long>> ReadAsync(TurnServerHost host)
    {
        // What a packet is counted by comes after the packet.
        await host.Shards[0].AskAsync(static () => true);
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Stack.Turn.Server" && instrument.Meter.Scope == host)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string name = instrument.Name["turn.server.".Length..];
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                name += $" {tag.Key}={tag.Value}";
            }

            counts[name] = counts.GetValueOrDefault(name) + value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return counts;
    }

    // Each kind of socket that a server opens, none closed by its client before the server stops.
    private static async Task LiveAsync(bool portable)
    {
        await using TurnServerHost host = await TurnServerHost.StartAsync(
            TurnHosts.Options(Servers.Listen(StunTransport.Udp), Servers.Listen(StunTransport.Tcp), Servers.Listen(StunTransport.Tls)) with
            {
                Shards = 2,
                UsesPortableSockets = portable,
            });
        using RawTurnClient udp = RawTurnClient.Udp(host.At(StunTransport.Udp));
        await udp.AskAsync(StunMethod.Allocate, static (ref StunMessageWriter writer) =>
        {
            writer.AddRequestedTransport(RelayProtocol.Udp);
            writer.AddEvenPort(reserveNext: true);
        });
        using RawTurnClient tls = await RawTurnClient.TlsAsync(host.At(StunTransport.Tls));
        await tls.AllocateAsync();
        using RawTurnClient control = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        IPEndPoint relayed = await control.AllocateAsync(RelayProtocol.Tcp);
        await control.PermitAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket joined = await RawClient.TcpAsync(relayed);
        ConnectionId id = Id(await control.ReadAsync());
        using RawTurnClient data = await RawTurnClient.TcpAsync(host.At(StunTransport.Tcp));
        await data.AskAsync(StunMethod.ConnectionBind, (ref StunMessageWriter writer) => writer.AddConnectionId(id));
        using Socket pending = await RawClient.TcpAsync(relayed);
        await control.ReadAsync();
        Assert.Equal(3, host.AllocationCount);
    }

    private static ConnectionId Id(byte[] bytes)
    {
        StunMessage.Decode(bytes, out StunMessage message);
        message.ReadConnectionId(out ConnectionId id);
        return id;
    }
}
