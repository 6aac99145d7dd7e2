using System;
using System.Globalization;
using System.Linq;
using Stack.Fuzz.Reference;
using Stack.Stun;
using Stack.Turn;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>One server beside its model: every input goes to both, and every output is compared.</summary>
internal sealed class ModelLoop : IDisposable
{
    private const byte Stale = 0xA5;

    private readonly Observation _seen;
    private readonly TurnServer _server;
    private readonly byte[] _replyBuffer = new byte[70_000];
    private readonly byte[] _transmitBuffer = new byte[TurnServer.MinReplyBuffer];

    public ModelLoop(ModelShared shared, TurnServerResources resources, FakeMachine machine, ModelRandom random, byte shard)
    {
        _seen = new Observation();
        Model = new ModelServer(shared, shared.Settings, shard);
        ModelSettings settings = shared.Settings;
        _server = new TurnServer(
            settings.ToOptions(), resources, new ModelUsers(settings.Users), new FakeRelaySockets(machine, _seen), random, shard);
    }

    public ModelServer Model { get; }

    public int AllocationCount => _server.AllocationCount;

    public long? NextTimeout => _server.NextTimeout?.Ticks;

    public void Dispose() => _server.Dispose();

    /// <summary>A client's message; the reply is null for none.</summary>
    public ModelDisposition HandleClientMessage(byte[] message, ModelTuple tuple, long now, out byte[]? reply)
    {
        _seen.Clear();
        Span<byte> buffer = _replyBuffer.AsSpan(0, Math.Max(message.Length, TurnServer.MinReplyBuffer));
        buffer[..512].Fill(Stale);
        TurnServerStep step = _server.HandleClientMessage(message, tuple.ToServer(), buffer, new Instant(now));
        reply = step.Action == TurnServerAction.Reply ? buffer[..step.Reply.Length].ToArray() : null;
        _seen.Reply = reply;
        DrainOutputs();
        ExpectedStep expected = Model.HandleClientMessage(message, tuple, now, _seen);
        Compare(step, expected, tuple, reply);
        if (message.Length == 28 && reply is not null && Model.Find(tuple) is null)
        {
            // security.md section 4.3: 72 bytes; PASSWORD-ALGORITHMS and FINGERPRINT come on top where they are due.
            int bound = 72 + (Model.OffersAlgorithms(tuple) ? 12 : 0) + (message[20] == 0x80 && message[21] == 0x28 ? 8 : 0);
            Require(reply.Length <= bound, $"{reply.Length} bytes in answer to 28");
        }

        Finish();
        return (ModelDisposition)step.Disposition;
    }

    public ModelDisposition HandlePeerDatagram(long relay, ReferenceAddress peer, byte[] payload, long now)
    {
        _seen.Clear();
        byte[] buffer = new byte[TurnServer.Headroom + payload.Length + TurnServer.Tailroom];
        buffer.AsSpan().Fill(Stale);
        payload.CopyTo(buffer, TurnServer.Headroom);
        TurnServerDisposition disposition = _server.HandlePeerDatagram(
            new RelayId(relay), new PeerAddress(peer.ToServer()), buffer, TurnServer.Headroom, payload.Length, new Instant(now), out ClientForward forward);
        DrainOutputs();
        ModelDisposition expected = Model.HandlePeerDatagram(relay, peer, payload.Length, now, out ExpectedRelayed? relayed);
        Require((int)disposition == (int)expected, $"a peer's datagram is {disposition}, expected {expected}");
        if (relayed is { } message)
        {
            CheckRelayed(message, peer, payload, buffer, forward);
        }
        else
        {
            Require(forward == default, "data for a client without a cause");
        }

        Finish();
        return expected;
    }

    public ModelDisposition HandleIcmp(long relay, ReferenceAddress peer, int type, int code, uint data, long now)
    {
        _seen.Clear();
        var error = new IcmpError((byte)type, (byte)code, data);
        TurnServerDisposition disposition = _server.HandleIcmp(
            new RelayId(relay), new PeerAddress(peer.ToServer()), error, _transmitBuffer, new Instant(now), out ClientForward forward);
        byte[]? sent = disposition == TurnServerDisposition.Relayed ? _transmitBuffer.AsSpan(forward.Offset, forward.Length).ToArray() : null;
        DrainOutputs();
        ModelDisposition expected = Model.HandleIcmp(relay, peer, type, code, data, now, out ModelTuple tuple, out ExpectedMessage? message);
        Require((int)disposition == (int)expected, $"ICMP is {disposition}, expected {expected}");
        if (message is not null)
        {
            Require(forward.Path.ToModel() == tuple, "ICMP goes to another client");
            Require(message.FindMismatch(sent!) is not { } mismatch, $"ICMP: {message.FindMismatch(sent!)}");
        }

        Finish();
        return expected;
    }

    public bool AcceptPeer(long relay, ReferenceAddress peer, long now, out uint connection)
    {
        _seen.Clear();
        bool accepted = _server.TryAcceptPeer(new RelayId(relay), new PeerAddress(peer.ToServer()), new Instant(now), out ConnectionId id);
        connection = id.Value;
        DrainOutputs();
        Require(Model.AcceptPeer(relay, peer, now, accepted, id.Value, _seen) == accepted, $"a peer's connection: {accepted}");
        Finish();
        return accepted;
    }

    public void HandlePeerConnected(uint connection, long now)
    {
        _seen.Clear();
        bool wanted = _server.HandlePeerConnected(new ConnectionId(connection), new Instant(now));
        DrainOutputs();
        Require(Model.HandlePeerConnected(connection, now, _seen) == wanted, $"a connection that stands: {wanted}");
        Finish();
    }

    public void HandlePeerConnectFailed(uint connection, long now)
    {
        _seen.Clear();
        _server.HandlePeerConnectFailed(new ConnectionId(connection), new Instant(now));
        DrainOutputs();
        Model.HandlePeerConnectFailed(connection, _seen);
        Finish();
    }

    public void HandlePeerClosed(uint connection, long now)
    {
        _seen.Clear();
        _server.HandlePeerClosed(new ConnectionId(connection), new Instant(now));
        DrainOutputs();
        Model.HandlePeerClosed(connection);
        Finish();
    }

    public void HandleClientClosed(ModelTuple tuple, long now)
    {
        _seen.Clear();
        _server.HandleClientClosed(tuple.ToServer(), new Instant(now));
        DrainOutputs();
        Model.HandleClientClosed(tuple, now, _seen);
        Finish();
    }

    public void HandleTimeout(long now)
    {
        _seen.Clear();
        _server.HandleTimeout(new Instant(now));
        DrainOutputs();
        Model.HandleTimeout(now, _seen);
        Finish();
        Require(NextTimeout is not { } next || next > now, "a timeout without progress");
    }

    public void Reconfigure(ModelSettings settings)
    {
        _seen.Clear();
        _server.Reconfigure(settings.ToOptions(), new ModelUsers(settings.Users));
        DrainOutputs();
        Model.Reconfigure(settings);
        Finish();
    }

    public void Drain()
    {
        _seen.Clear();
        _server.Drain();
        DrainOutputs();
        Model.Drain();
        Finish();
    }

    public void Stop(long now)
    {
        _seen.Clear();
        _server.Stop(new Instant(now));
        DrainOutputs();
        Model.Stop(now, _seen);
        Finish();
    }

    private static void CheckRelayed(ExpectedRelayed expected, ReferenceAddress peer, byte[] payload, byte[] buffer, ClientForward forward)
    {
        Require(forward.Path.ToModel() == expected.Tuple, "data goes to another client");
        Require(forward.Length == expected.Size && forward.Offset == TurnServer.Headroom - expected.Header, $"{forward} is not {expected}");
        ReadOnlySpan<byte> message = buffer.AsSpan(forward.Offset, forward.Length);
        bool untouched = !buffer.AsSpan(0, forward.Offset).ContainsAnyExcept(Stale)
            && !buffer.AsSpan(forward.Offset + forward.Length).ContainsAnyExcept(Stale);
        Require(untouched, "bytes beside the message were written");
        if (expected.Channel is not { } channel)
        {
            ExpectedMessage indication = new ExpectedMessage(ModelMethod.Data, ModelMethod.Indication, null)
                .WithXored(ModelAttribute.XorPeerAddress, peer)
                .With(ModelAttribute.Data, payload);
            byte[] sent = message.ToArray();
            Require(indication.Matches(sent), $"Data indication: {indication.FindMismatch(sent)}");
            return;
        }

        bool right = message[0] == channel >> 8 && message[1] == (channel & 0xFF)
            && ((message[2] << 8) | message[3]) == payload.Length
            && message.Slice(4, payload.Length).SequenceEqual(payload)
            && !message[(4 + payload.Length)..].ContainsAnyExcept((byte)0);
        Require(right, "ChannelData is wrong");
    }

    private static void Compare(in TurnServerStep step, ExpectedStep expected, ModelTuple tuple, byte[]? reply)
    {
        Require((int)step.Disposition == (int)expected.Disposition, $"{step.Disposition}, expected {expected.Disposition} {expected.Reply}{Describe(reply)}");
        bool replies = expected.Reply is not null || expected.SameReply is not null;
        TurnServerAction action = replies ? TurnServerAction.Reply : expected.Forward is not null ? TurnServerAction.Forward : TurnServerAction.None;
        Require(step.Action == action, $"{step.Action}, expected {action}");
        if (replies)
        {
            Require(step.Reply.Destination.ToModel() == tuple.Client && step.Reply.Origin.ToModel() == tuple.Server, "a reply to somebody else");
        }

        if (expected.SameReply is { } same)
        {
            Require(reply.AsSpan().SequenceEqual(same), "a request that was sent again has another answer");
        }
        else if (expected.Reply is { } message)
        {
            string? mismatch = message.FindMismatch(reply!);
            Require(mismatch is null, $"{mismatch}; expected {message}{Describe(reply)}");
        }
        else if (expected.Forward is { } forward)
        {
            var seen = new ExpectedForward(
                step.Forward.Relay.Value, step.Forward.Peer.Value.ToModel(), step.Forward.Offset, step.Forward.Length, step.Forward.DontFragment);
            Require(seen == forward, $"{seen}, expected {forward}");
        }
    }

    private static string Describe(byte[]? reply) => reply is null ? "" : "; reply " + Convert.ToHexStringLower(reply);

    private void DrainOutputs()
    {
        while (_server.TryReadCommand(out TurnServerCommand command))
        {
            _seen.Commands.Add(command.ToModel());
        }

        while (_server.TryReadTransmit(_transmitBuffer, out ClientTransmit transmit))
        {
            _seen.Transmits.Add((transmit.Path.ToModel(), _transmitBuffer.AsSpan(0, transmit.Length).ToArray()));
        }

        while (_server.TryReadEvent(out TurnServerEvent? happened))
        {
            _seen.Events.Add(happened.ToModel());
        }
    }

    private void Finish()
    {
        _seen.RequireEmpty();
        Require(NextTimeout == Model.NextTimeout, string.Create(
            CultureInfo.InvariantCulture,
            $"the next timeout is {NextTimeout}, expected {Model.NextTimeout}"));
        Require(AllocationCount == Model.Allocations.Count, "the number of allocations is wrong");
    }
}
