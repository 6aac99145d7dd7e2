using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>What somebody who has not authenticated costs <c>stackcli serve</c>: security.md V9, V10, S5, A1.</summary>
public sealed class UnauthenticatedFloodTests
{
    private const int WarmUp = 200;
    private const int Flood = 3000;
    private const int Attempts = 3;
    private const int GrowthKilobytes = 2048;
    private const int Batch = 50;

    // Half of 20 000 answers a second, for a tenth of one.
    private const int GlobalBurst = 1000;

    [RequiresFact(Requirement.None)]
    public async Task BareAllocate_Is401OfAtMost72Bytes()
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        using TurnWireClient client = TurnWireClient.Udp(LabHost.Local, server.EndPoint("udp"));
        byte[] request = TurnWireClient.Bare(StunMethod.Allocate, TurnWireClient.Allocation());
        Assert.Equal(28, request.Length);
        byte[] response = client.Exchange(request);
        Assert.Equal(StunErrorCode.Unauthenticated, TurnWireClient.Error(response));
        Assert.True(response.Length <= 72, $"{response.Length} bytes");
        StunMessage.Decode(response, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadRealm(out ReadOnlySpan<byte> realm));
        Assert.Equal("example.org"u8, realm);
        Assert.Equal(StunAttributeStatus.Present, message.ReadNonce(out _));
    }

    // From one address, which soon gets no answers any more, and from as many as there are requests, which get what the server has for all.
    [RequiresTheory(Requirement.None)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ForgedAllocates_GrowNothing(bool distinctAddresses, bool signed)
    {
        await using TurnServerProcess server = await TurnServerProcess.StartAsync();
        IPEndPoint endPoint = server.EndPoint("udp");
        List<TurnWireClient> users = [.. Enumerable.Range(0, 8).Select(_ => TurnWireClient.Udp(LabHost.Local, endPoint))];
        var sources = new List<Socket>();
        try
        {
            users.ForEach(static user => user.Allocate());
            for (int i = 0; i < WarmUp; i++)
            {
                Forge(i);
                if (i % Batch == Batch - 1)
                {
                    await LetCompileAsync();
                }
            }

            // What is compiled late or taken for the garbage collector comes in one of the floods; what a source costs comes in all.
            var growth = new List<long>();
            while (growth.Count < Attempts && growth.All(static kilobytes => kilobytes > GrowthKilobytes))
            {
                long before = server.ReadResidentKilobytes();
                for (int i = 0; i < Flood; i++)
                {
                    Forge(sources.Count);
                }

                Refresh();
                growth.Add(server.ReadResidentKilobytes() - before);
            }

            Assert.Equal(sources.Count, sources.Select(static socket => socket.LocalEndPoint!).Distinct().Count());
            Assert.True(growth[^1] <= GrowthKilobytes, $"{string.Join(", ", growth)} kB");

            int answered = sources.Count(static socket => socket.Available > 0);
            Assert.InRange(answered, distinctAddresses ? GlobalBurst : 1, distinctAddresses ? sources.Count : sources.Count / 2);
        }
        finally
        {
            users.ForEach(static user => user.Dispose());
            sources.ForEach(static socket => socket.Dispose());
        }

        void Forge(int number)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            sources.Add(socket);
            socket.Bind(new IPEndPoint(distinctAddresses ? new IPAddress([127, 7, (byte)(number >> 8), (byte)number]) : IPAddress.Loopback, 0));
            socket.SendTo(signed ? Signed() : TurnWireClient.Bare(StunMethod.Allocate, TurnWireClient.Allocation()), endPoint);
            if (number % Batch == Batch - 1)
            {
                Refresh();
            }
        }

        // Whoever is served has been read behind the flood, whichever loop he is on; sockets of the kernel do not overflow.
        void Refresh() => users.ForEach(static user => Assert.Equal(default, TurnWireClient.Error(user.Ask(StunMethod.Refresh))));
    }

    // Methods that are called often are compiled once more, in the background, and only calls after a quiet tenth of a second count.
    private static Task<ProcessResult> LetCompileAsync() => LabHost.Local.RunAsync(TimeSpan.FromSeconds(10), "sleep", "0.5");

    private static byte[] Signed() => TurnWireClient.Bare(StunMethod.Allocate, (ref StunMessageWriter writer) =>
    {
        TurnWireClient.Allocation()(ref writer);
        writer.AddUsername("u"u8);
        writer.AddRealm("example.org"u8);
        writer.Add(StunAttributeType.Nonce, "obMatJos2AAAAAAAAAAAAAAA"u8);
        writer.Add(StunAttributeType.MessageIntegrity, RandomNumberGenerator.GetBytes(20));
    });
}
