using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Turn;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The TURN client and the TURN server of this project together, where foreign servers have nothing to offer.</summary>
public sealed class TurnAllocationHostTests
{
    private static readonly LongTermCredential Credential = new("u", "p");

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(StunTransport.Udp)]
    [InlineData(StunTransport.Tcp)]
    [InlineData(StunTransport.Tls)]
    public async Task Relay_StrictServerWithSha256_CarriesData(StunTransport transport)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(
            transport, change: static options => options with { StrictAmplification = true, OffersSha256OverUdp = true });
        TurnClient turn = Client(host, transport);
        await using TurnAllocation left = await turn.AllocateAsync();
        await using TurnAllocation right = await turn.AllocateAsync();
        await left.PermitAsync(right.Relayed);
        await right.PermitAsync(left.Relayed);
        byte[] buffer = new byte[100];
        for (byte i = 0; i < 30; i++)
        {
            await left.SendAsync(new[] { i }, right.Relayed);
            TurnDatagram datagram = await right.ReceiveAsync(buffer);
            Assert.Equal((left.Relayed, 1, i), (datagram.Peer.ToIPEndPoint(), datagram.Length, buffer[0]));
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Dual_BothFamilies_ReachTheirPeers()
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(
            StunTransport.Udp,
            change: static options => options with { RelayAddresses = [Relay(IPAddress.Loopback), Relay(IPAddress.IPv6Loopback)] });
        TurnClient turn = Client(host, StunTransport.Udp);
        await using TurnAllocation dual = await turn.AllocateAsync(new TurnAllocationOptions { Dual = true });
        await using TurnAllocation single = await turn.AllocateAsync(new TurnAllocationOptions { Family = StunAddressFamily.IPv6 });
        Assert.Equal((AddressFamily.InterNetwork, AddressFamily.InterNetworkV6), (dual.Relayed.AddressFamily, dual.AdditionalRelayed!.AddressFamily));

        await dual.PermitAsync(single.Relayed);
        await single.PermitAsync(dual.AdditionalRelayed);
        await single.SendAsync(new byte[3], dual.AdditionalRelayed);
        TurnDatagram datagram = await dual.ReceiveAsync(new byte[10]);
        Assert.Equal((single.Relayed, 3), (datagram.Peer.ToIPEndPoint(), datagram.Length));

        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await dual.BindChannelAsync((IPEndPoint)peer.LocalEndPoint!);
        await dual.SendAsync(new byte[4], (IPEndPoint)peer.LocalEndPoint!);
        SocketReceiveFromResult heard = await peer.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0));
        Assert.Equal((dual.Relayed, 4), ((IPEndPoint)heard.RemoteEndPoint, heard.ReceivedBytes));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Redirection_OfAServerThatDrains_IsFollowed()
    {
        await using TurnServerHost target = await TurnHosts.StartAsync(StunTransport.Udp);
        await using TurnServerHost host = await TurnHosts.StartAsync(
            StunTransport.Udp,
            change: options => options with
            {
                RedirectsAll = true,
                AlternateServers = [new AlternateServer(TransportAddress.FromIPEndPoint(target.At(StunTransport.Udp)), null)],
            });
        await using TurnAllocation relay = await Client(host, StunTransport.Udp).AllocateAsync();
        Assert.Equal(target.At(StunTransport.Udp), relay.Server);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C22_ServerThatStops_IsReplacedWhenItIsBack()
    {
        // An address of this test alone: nobody else takes the port while no server has it.
        TurnServerHost first = await TurnServerHost.StartAsync(TurnHosts.Options(Servers.Listen(StunTransport.Tcp, "127.0.77.4")));
        IPEndPoint at = first.At(StunTransport.Tcp);
        TurnClient client = Client(first, StunTransport.Tcp, TimeProvider.System);
        await using TurnAllocation relay = await client.AllocateAsync(new TurnAllocationOptions { ReallocatesWhenLost = true });
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endPoint = (IPEndPoint)peer.LocalEndPoint!;
        await relay.PermitAsync(endPoint);
        await first.DisposeAsync();
        Assert.Equal(TurnEventKind.AllocationLost, (await relay.ReadEventAsync()).Kind);

        await using TurnServerHost second = await TurnServerHost.StartAsync(TurnHosts.Options(new StunListenEndPoint(StunTransport.Tcp, at)));
        Assert.Equal(TurnEventKind.Reallocated, (await relay.ReadEventAsync()).Kind);
        await relay.SendAsync(new byte[] { 9 }, endPoint);
        SocketReceiveFromResult heard = await peer.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0));
        Assert.Equal((relay.Relayed, 1), ((IPEndPoint)heard.RemoteEndPoint, heard.ReceivedBytes));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("other.example.org", false)]
    [InlineData("localhost", true)]
    public async Task C18_CertificateOfAnotherName_IsRefused(string name, bool accepted)
    {
        await using TurnServerHost host = await TurnHosts.StartAsync(StunTransport.Tls);
        var client = new TurnClient(
            StunServerReference.Parse(host.At(StunTransport.Tls).ToString()),
            Credential,
            new TurnClientOptions
            {
                Transport = StunTransport.Tls,
                Tls = new StunTlsOptions { CustomRoots = TestCertificates.Roots, ExpectedHost = name },
                TimeProvider = new SlowTimeProvider(20),
            });
        if (accepted)
        {
            await using TurnAllocation relay = await client.AllocateAsync();
            return;
        }

        TurnException error = await Assert.ThrowsAsync<TurnException>(() => client.AllocateAsync());
        Assert.Equal(TurnFailure.TlsFailed, error.Failure);
    }

    private static RelayAddress Relay(IPAddress address) => new(TransportAddress.FromIPAddress(address, 0));

    // By default slow time, in which no answer is late; the machine's for those that wait for a pause.
    private static TurnClient Client(TurnServerHost host, StunTransport transport, TimeProvider? time = null) => new(
        StunServerReference.Parse(host.At(transport).ToString()),
        Credential,
        new TurnClientOptions
        {
            Transport = transport,
            Tls = new StunTlsOptions { AcceptAnyCertificate = true },
            ConnectTimeout = TimeSpan.FromMinutes(10),
            TimeProvider = time ?? new SlowTimeProvider(20),
        });
}
