using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>The four endpoints of RFC 5780 on two loopback addresses.</summary>
public sealed class StunServerDiscoveryTests
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Start_Alternate_OpensTwoPortsOnTwoAddresses()
    {
        await using StunServer server = await Servers.StartForDiscoveryAsync();

        IPEndPoint[] all = [.. server.EndPoints.Select(e => e.EndPoint)];

        Assert.Equal(4, all.Distinct().Count());
        Assert.Equal(2, all.Select(e => e.Address).Distinct().Count());
        Assert.Equal(2, all.Select(e => e.Port).Distinct().Count());
        Assert.Equal(IPAddress.Loopback, all[0].Address);
    }

    public static TheoryData<int, ChangeRequestFlags> Changes
    {
        get
        {
            var all = new TheoryData<int, ChangeRequestFlags>();
            for (int i = 0; i < 4; i++)
            {
                foreach (int flags in new[] { 0, 2, 4, 6 })
                {
                    all.Add(i, (ChangeRequestFlags)flags);
                }
            }

            return all;
        }
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(Changes))]
    public async Task Binding_ChangeRequest_AnswersFromWhereItWasAsked(int index, ChangeRequestFlags flags)
    {
        await using StunServer server = await Servers.StartForDiscoveryAsync();
        IPEndPoint asked = server.At(index);
        IPEndPoint[] all = [.. server.EndPoints.Select(e => e.EndPoint)];
        using Socket client = RawClient.Udp();

        await client.SendToAsync(Wire.Request(attributes: (ref StunMessageWriter writer) => writer.AddChangeRequest(flags)), asked);
        (byte[] bytes, IPEndPoint from) = await RawClient.ReceiveAsync(client);

        Assert.Equal(flags.HasFlag(ChangeRequestFlags.ChangeIP), !from.Address.Equals(asked.Address));
        Assert.Equal(flags.HasFlag(ChangeRequestFlags.ChangePort), from.Port != asked.Port);
        Assert.Contains(from, all);
        StunMessage.Decode(bytes, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadResponseOrigin(out TransportAddress origin));
        Assert.Equal(from, origin.ToIPEndPoint());
        Assert.Equal(StunAttributeStatus.Present, message.ReadOtherAddress(out TransportAddress other));
        Assert.Equal(all.Single(e => !e.Address.Equals(asked.Address) && e.Port != asked.Port), other.ToIPEndPoint());
        message.ReadXorMappedAddress(out TransportAddress mapped);
        Assert.Equal(client.LocalEndPoint, mapped.ToIPEndPoint());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Binding_ResponsePort_AnswersToThatPort()
    {
        await using StunServer server = await Servers.StartForDiscoveryAsync();
        using Socket client = RawClient.Udp();
        using Socket second = RawClient.Udp();
        int port = ((IPEndPoint)second.LocalEndPoint!).Port;

        await client.SendToAsync(Wire.Request(attributes: (ref StunMessageWriter writer) => writer.AddResponsePort(port)), server.At());
        (byte[] bytes, _) = await RawClient.ReceiveAsync(second);

        Assert.Equal(client.LocalEndPoint, Wire.Mapped(bytes));
        Assert.Equal(0, client.Available);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Binding_ResponsePortWherePeerHasGone_DoesNotEndTheLoops()
    {
        await using StunServer server = await Servers.StartForDiscoveryAsync(static o => o with { RateLimit = null });
        using Socket client = RawClient.Udp();
        int vacant;
        using (Socket gone = RawClient.Udp())
        {
            vacant = ((IPEndPoint)gone.LocalEndPoint!).Port;
        }

        foreach (StunListenEndPoint listen in server.EndPoints)
        {
            await client.SendToAsync(Wire.Request(attributes: (ref StunMessageWriter writer) => writer.AddResponsePort(vacant)), listen.EndPoint);
            byte[] request = Wire.Request();
            Assert.True(Wire.IsAnswerTo(await RawClient.AskAsync(client, listen.EndPoint, request), request));
        }
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Source_FourEndPoints_ShareOneAllowance()
    {
        var time = new ManualTimeProvider();
        await using StunServer server = await Servers.StartForDiscoveryAsync(o => o with { TimeProvider = time });
        using Socket client = RawClient.Udp();
        for (int i = 0; i < 20; i++)
        {
            await RawClient.AskAsync(client, server.At(i % 4));
        }

        using Socket other = RawClient.Udp("127.0.0.3");
        for (int i = 0; i < 4; i++)
        {
            await client.SendToAsync(Wire.Request(), server.At(i));
            await RawClient.AskAsync(other, server.At(i));
        }

        Assert.Equal(0, client.Available);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Binding_WithoutAlternate_RefusesChangeRequestAndOffersNoOther()
    {
        await using StunServer server = await Servers.StartAsync(StunTransport.Udp);
        using Socket client = RawClient.Udp();

        byte[] response = await RawClient.AskAsync(
            client,
            server.At(),
            Wire.Request(attributes: static (ref StunMessageWriter writer) => writer.AddChangeRequest(ChangeRequestFlags.ChangeIP)));

        StunMessage.Decode(response, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadErrorCode(out StunErrorCode code, out _));
        Assert.Equal(StunErrorCode.UnknownAttribute, code);
        Assert.Equal(StunAttributeStatus.Absent, message.ReadOtherAddress(out _));
    }
}
