using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Two servers of ours, each made to believe that the other asked: security.md D19, V13.</summary>
public sealed class WiredServersTests
{
    private const int HeadersSize = 28;

    [RequiresTheory(Requirement.NatLab)]
    [InlineData(StunMethod.Binding, StunClass.Request, 2)]
    [InlineData(StunMethod.Allocate, StunClass.Request, 2)]
    [InlineData(StunMethod.Refresh, StunClass.Request, 2)]
    [InlineData(StunMethod.Binding, StunClass.Indication, 1)]
    [InlineData(StunMethod.Send, StunClass.Indication, 1)]
    [InlineData(StunMethod.Binding, StunClass.ErrorResponse, 1)]
    public async Task SpoofedFirstPacket_IsAnsweredOnceAtMost(StunMethod method, StunClass messageClass, int packets)
    {
        await using OpenNetwork network = await OpenNetwork.CreateAsync();
        string[] arguments = ["--listen", "udp://127.0.0.1:0", "--realm", "example.org", "--user", "u:p"];
        await using LabProcess first = await StackCliRun.ServeAsync(network.Server, arguments);
        await using LabProcess second = await StackCliRun.ServeAsync(network.Server, arguments);
        IPEndPoint from = StackCliRun.Listening(first, "udp");
        IPEndPoint to = StackCliRun.Listening(second, "udp");
        string ports = $"{{ {from.Port}, {to.Port} }}";
        await network.CountAsync("between", $"udp sport {ports} udp dport {ports}");

        Spoof(network.Server, from, to, TurnWireClient.Bare(method, messageClass: messageClass));
        for (int round = 0; round < 4; round++)
        {
            AssertAnswers(network.Server, to);
            AssertAnswers(network.Server, from);
        }

        Assert.Equal(packets, await network.ReadCountAsync("between"));
    }

    // Each loop has a socket of its own: who asks from several ports is heard by all of them.
    private static void AssertAnswers(LabHost host, IPEndPoint server)
    {
        for (int i = 0; i < 4; i++)
        {
            using TurnWireClient client = TurnWireClient.Udp(host, server);
            byte[] response = client.Exchange(TurnWireClient.Bare(StunMethod.Binding));
            Assert.Equal(default, TurnWireClient.Error(response));
        }
    }

    private static void Spoof(LabHost host, IPEndPoint from, IPEndPoint to, byte[] message)
    {
        byte[] packet = new byte[HeadersSize + message.Length];
        packet[0] = 0x45;
        packet[8] = 64;
        packet[9] = (byte)ProtocolType.Udp;
        from.Address.TryWriteBytes(packet.AsSpan(12), out _);
        to.Address.TryWriteBytes(packet.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(8 + message.Length));
        message.CopyTo(packet, HeadersSize);
        using Socket socket = host.OpenSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
        socket.SendTo(packet, new IPEndPoint(to.Address, 0));
    }
}
