using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>
/// A server with all that it needs and a clock of its own. Every input returns the complete outputs; what it may never do whatever the input is
/// checked with each: the received bytes stay as they are, and nothing of a buffer that was full of 0xA5 goes out.
/// </summary>
internal sealed class TurnServerRun : IDisposable
{
    public const string Realm = "example.org";
    public const int BufferSize = 70_000;

    private const byte Filler = 0xA5;

    private uint _transactions;

    public TurnServerRun(
        TurnServerOptions? options = null,
        TurnServerRun? sharing = null,
        byte shard = 0,
        bool hasUsers = true,
        ReplyRateLimit? replies = null,
        RandomNumberGenerator? random = null)
    {
        options ??= Options;
        ServerOptions = options;
        Users = sharing?.Users ?? new TestUsers();
        Now = sharing?.Now ?? Instant.Zero;
        Sockets = new FakeRelaySockets(sharing?.Sockets);
        Resources = sharing?.Resources
            ?? new TurnServerResources(options.Limits, replies ?? ReplyRateLimit.Default, NonceKey(1), StartedAt, random ?? new CountingRandom());
        Server = new TurnServer(options, Resources, hasUsers ? Users : null, Sockets, new CountingRandom(), shard);
        Alice = Client("alice", Endpoints.Alice);
        Bob = Client("bob", Endpoints.Bob);
    }

    public static DateTimeOffset StartedAt { get; } = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    /// <summary>The defaults, with relay addresses of both families.</summary>
    public static TurnServerOptions Options { get; } = new()
    {
        Realm = Realm,
        RelayAddresses = [new RelayAddress(Endpoints.Relay), new RelayAddress(Endpoints.Relay6)],
        Peers = new PeerAddressPolicy(new PeerAddressRules
        {
            OwnEndPoints = [Endpoints.Server, Endpoints.Server6],
            LocalAddresses = [Endpoints.Server, Endpoints.Server6, Endpoints.Relay, Endpoints.Relay6],
            RelayAddresses = [Endpoints.Relay, Endpoints.Relay6],
        }),
    };

    public TurnServerOptions ServerOptions { get; }

    public TurnServer Server { get; }

    public TurnServerResources Resources { get; }

    public FakeRelaySockets Sockets { get; }

    public TestUsers Users { get; }

    public Instant Now { get; private set; }

    /// <summary>A client over UDP who knows his password.</summary>
    public TurnTestClient Alice { get; }

    public TurnTestClient Bob { get; }

    /// <summary>Whose key the messages have that come later than the request; Alice's over UDP where nobody else is named.</summary>
    public TurnTestClient? ControlOfAlice { get; set; }

    public static byte[] NonceKey(byte fill)
    {
        byte[] key = new byte[32];
        Array.Fill(key, fill);
        return key;
    }

    public static TurnServerOptions Limited(Func<TurnServerLimits, TurnServerLimits> change) => Options with { Limits = change(Options.Limits) };

    public TurnTestClient Client(string user, TransportAddress address, StunTransport transport = StunTransport.Udp)
        => new(this, user, Endpoints.Path(address, transport));

    public TransactionId NextTransaction()
    {
        byte[] bytes = new byte[12];
        bytes[0] = 0x77;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), ++_transactions);
        return TransactionId.Read(bytes);
    }

    /// <summary>Lets the clock go on without telling the server.</summary>
    public void Skip(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    /// <summary>Lets the clock go on and the server know.</summary>
    public TurnOutputs Pass(double seconds)
    {
        Skip(seconds);
        Server.HandleTimeout(Now);
        return Collect([]);
    }

    /// <summary>Hands in a message of a client.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">How it comes.</param>
    /// <param name="key">The key that the reply must be protected with; null for a reply that nothing protects.</param>
    public TurnOutputs Receive(ReadOnlySpan<byte> message, FiveTuple path, IntegrityKey? key = null)
    {
        // Exact: a read behind the end throws.
        byte[] exact = message.ToArray();
        byte[] buffer = Filled(Math.Max(TurnServer.MinReplyBuffer, exact.Length));
        TurnServerStep step = Server.HandleClientMessage(exact, path, buffer, Now);
        Assert.True(message.SequenceEqual(exact), "The received bytes have been changed.");
        switch (step.Action)
        {
            case TurnServerAction.Reply:
                Assert.Equal(new BindingReply(path.Server, path.Client.Value, step.Reply.Length), step.Reply);
                byte[] reply = buffer[..step.Reply.Length];
                string text = MessageText.Of(reply, key);
                Assert.Equal(DispositionOf(text), step.Disposition);
                Assert.True(reply.AsSpan(8, 12).SequenceEqual(exact.AsSpan(8, 12)), "The transaction id is another one.");
                return Collect([text], step.Disposition, reply);
            case TurnServerAction.Forward:
                Assert.Equal(TurnServerDisposition.Relayed, step.Disposition);
                Assert.Equal(-1, buffer.AsSpan().IndexOfAnyExcept(Filler));
                RelayForward to = step.Forward;
                string data = Encoding.UTF8.GetString(exact, to.Offset, to.Length);
                string line = string.Create(CultureInfo.InvariantCulture, $"{to.Relay.Value} -> {to.Peer} '{data}'{(to.DontFragment ? " DF" : "")}");
                return Collect([line], step.Disposition, forward: to);
            default:
                Assert.Equal(default, step.Reply);
                Assert.Equal(default, step.Forward);
                return Collect([$"silent {step.Disposition}"], step.Disposition);
        }
    }

    /// <summary>A datagram from a peer.</summary>
    public TurnOutputs FromPeer(long relay, PeerAddress peer, string data) => FromPeer(relay, peer, Encoding.UTF8.GetBytes(data));

    public TurnOutputs FromPeer(long relay, PeerAddress peer, byte[] data)
    {
        byte[] buffer = Filled(TurnServer.Headroom + data.Length + TurnServer.Tailroom);
        data.CopyTo(buffer, TurnServer.Headroom);
        TurnServerDisposition disposition = Server.HandlePeerDatagram(
            new RelayId(relay), peer, buffer, TurnServer.Headroom, data.Length, Now, out ClientForward forward);
        Assert.True(data.AsSpan().SequenceEqual(buffer.AsSpan(TurnServer.Headroom, data.Length)), "The datagram has been changed.");
        return ToClient(disposition, forward, buffer, data.Length);
    }

    public TurnOutputs Icmp(long relay, PeerAddress peer, byte type, byte code, uint mtu = 0)
    {
        byte[] buffer = Filled(TurnServer.MinReplyBuffer);
        TurnServerDisposition disposition = Server.HandleIcmp(
            new RelayId(relay), peer, new IcmpError(type, code, mtu), buffer, Now, out ClientForward forward);
        return ToClient(disposition, forward, buffer, 0);
    }

    /// <summary>A call that returns nothing of interest.</summary>
    public TurnOutputs Do(Action<TurnServer> action)
    {
        action(Server);
        return Collect([]);
    }

    /// <summary>A call that says yes or no, and perhaps something else.</summary>
    public TurnOutputs Ask(Func<TurnServer, string> call) => Collect([call(Server)]);

    public TurnOutputs Stop() => Do(server => server.Stop(Now));

    public void Dispose()
    {
        Server.Dispose();
        Alice.Dispose();
        Bob.Dispose();
    }

    private static byte[] Filled(int size)
    {
        byte[] buffer = new byte[size];
        Array.Fill(buffer, Filler);
        return buffer;
    }

    private static TurnServerDisposition DispositionOf(string reply) => reply[..3] switch
    {
        "200" => TurnServerDisposition.Answered,
        "401" or "438" => TurnServerDisposition.Challenged,
        _ => TurnServerDisposition.Refused,
    };

    private TurnOutputs ToClient(TurnServerDisposition disposition, ClientForward forward, byte[] buffer, int dataLength)
    {
        if (disposition != TurnServerDisposition.Relayed)
        {
            Assert.Equal(default, forward);
            return Collect([$"silent {disposition}"], disposition);
        }

        // Nothing outside the message has been written to.
        Assert.Equal(-1, buffer.AsSpan(0, forward.Offset).IndexOfAnyExcept(Filler));
        Assert.Equal(-1, buffer.AsSpan(forward.Offset + forward.Length).IndexOfAnyExcept(Filler));
        byte[] message = buffer.AsSpan(forward.Offset, forward.Length).ToArray();
        string text = (message[0] & 0xC0) == 0
            ? MessageText.Of(message, key: null)
            : ChannelText(message, dataLength);
        return Collect([$"{text} -> {forward.Path}"], disposition, message);
    }

    private static string ChannelText(byte[] message, int length)
    {
        Assert.True(ChannelData.TryRead(message, out ChannelNumber number, out int read));
        Assert.Equal(length, read);
        int padding = message.Length - ChannelData.HeaderSize - length;
        Assert.Equal(-1, message.AsSpan(ChannelData.HeaderSize + length).IndexOfAnyExcept((byte)0));
        return $"{number} '{Encoding.UTF8.GetString(message, 4, length)}'+{padding.ToString(CultureInfo.InvariantCulture)}";
    }

    private TurnOutputs Collect(List<string> lines, TurnServerDisposition disposition = default, byte[]? reply = null, RelayForward forward = default)
    {
        while (Server.TryReadCommand(out TurnServerCommand command))
        {
            string path = command.Path == default ? "" : $" with {command.Path}";
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{command.Kind} {command.Connection.Value:X8} {command.Relay.Value} {command.Peer}{path}"));
        }

        byte[] buffer = Filled(TurnServer.MinReplyBuffer);
        while (Server.TryReadTransmit(buffer, out ClientTransmit transmit))
        {
            lines.Add($"{MessageText.Of(buffer[..transmit.Length], (ControlOfAlice ?? Alice).Key)} -> {transmit.Path}");
            Array.Fill(buffer, Filler);
        }

        while (Server.TryReadEvent(out TurnServerEvent? happened))
        {
            lines.Add(happened switch
            {
                AllocationCreated created => $"created {created.Username} {created.Relayed} {created.Protocol}",
                AllocationEnded ended => $"ended {ended.Username} {ended.Relayed} {ended.Reason}",
                _ => throw new InvalidOperationException("Another event."),
            });
            LastEvent = happened;
        }

        lines.AddRange(Sockets.TakeCalls());
        lines.Add(Server.NextTimeout is { } next
            ? string.Create(CultureInfo.InvariantCulture, $"next {next.SinceOrigin.TotalSeconds}")
            : "next none");
        return new TurnOutputs(disposition, lines, reply ?? [], forward);
    }

    public TurnServerEvent? LastEvent { get; private set; }
}
