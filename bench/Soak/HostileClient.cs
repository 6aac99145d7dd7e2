using System;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Soak;

/// <summary>A client that does what none should: garbage, forged requests, wrong passwords, channels of nobody, connections that say nothing or are reset.</summary>
internal static class HostileClient
{
    public static async Task RunAsync(int index, SoakTarget target, SoakTally tally, CancellationToken over)
    {
        IPAddress address = SoakTarget.AddressOf(index);
        while (!over.IsCancellationRequested)
        {
            try
            {
                if (RandomNumberGenerator.GetInt32(10) == 0)
                {
                    await ConnectAsync(address, target.Tcp, tally).ConfigureAwait(false);
                }
                else
                {
                    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                    socket.Bind(new IPEndPoint(address, 0));
                    for (int i = 0; i < 50; i++)
                    {
                        await socket.SendToAsync(MakeDatagram(), SocketFlags.None, target.Udp, CancellationToken.None).ConfigureAwait(false);
                        tally.CountHostile();
                    }
                }
            }
            catch (SocketException)
            {
                // The server may close whatever it likes.
            }

            await Task.Delay(50, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task ConnectAsync(IPAddress address, IPEndPoint server, SoakTally tally)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        await socket.ConnectAsync(server).ConfigureAwait(false);
        if (RandomNumberGenerator.GetInt32(2) == 0)
        {
            await socket.SendAsync(MakeDatagram(), SocketFlags.None).ConfigureAwait(false);
        }

        tally.CountHostile();
        if (RandomNumberGenerator.GetInt32(2) == 0)
        {
            // Closed with a reset, at once.
            socket.LingerState = new LingerOption(true, 0);
            return;
        }

        await Task.Delay(RandomNumberGenerator.GetInt32(2000), CancellationToken.None).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> MakeDatagram()
    {
        byte[] bytes = new byte[512];
        switch (RandomNumberGenerator.GetInt32(4))
        {
            case 0:
                RandomNumberGenerator.Fill(bytes);
                return bytes.AsMemory(0, RandomNumberGenerator.GetInt32(bytes.Length));
            case 1:
                RandomNumberGenerator.Fill(bytes);
                ChannelData.WriteHeader(bytes, new ChannelNumber((ushort)(0x4000 + RandomNumberGenerator.GetInt32(0x1000))), 100);
                return bytes.AsMemory(0, 104);
            default:
                return MakeRequest(bytes);
        }
    }

    private static ReadOnlyMemory<byte> MakeRequest(byte[] bytes)
    {
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        StunMethod method = RandomNumberGenerator.GetInt32(3) switch { 0 => StunMethod.Allocate, 1 => StunMethod.Refresh, _ => StunMethod.Send };
        var writer = new StunMessageWriter(
            bytes,
            new StunMessageType(method, method == StunMethod.Send ? StunClass.Indication : StunClass.Request),
            TransactionId.Create(random));
        writer.AddRequestedTransport(RelayProtocol.Udp);
        if (RandomNumberGenerator.GetInt32(2) == 0)
        {
            writer.AddUsername("user1"u8);
            writer.AddRealm("soak"u8);
            writer.AddNonce("obMatJos2AAAA00000000000"u8);
            using var key = new IntegrityKey("no such password"u8);
            writer.AddMessageIntegrity(key);
        }

        if (RandomNumberGenerator.GetInt32(4) == 0)
        {
            bytes[RandomNumberGenerator.GetInt32(writer.Length)] ^= (byte)(1 + RandomNumberGenerator.GetInt32(255));
        }

        return bytes.AsMemory(0, writer.Length);
    }
}
