using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;
using Stack.Stun;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>Adds the attributes of a request that are not those of the credential mechanism.</summary>
internal delegate void Attributes(ref StunMessageWriter writer);

/// <summary>A client that authenticates as RFC 8489 section 9.2 has it: asks once without credentials, then with what it was told.</summary>
internal sealed class TurnTestClient(TurnServerRun run, string user, FiveTuple path) : IDisposable
{
    private byte[] _algorithms = [];
    private IntegrityKey? _key;
    private string? _password;
    private Instant _learned;

    public FiveTuple Path { get; } = path;

    public string User { get; } = user;

    public byte[]? Nonce { get; set; }

    /// <summary>Whether the nonce is kept for ever; otherwise a new one is asked for in good time.</summary>
    public bool KeepsNonce { get; set; }

    public string RealmSent { get; set; } = TurnServerRun.Realm;

    public bool HasFingerprint { get; set; }

    /// <summary>The last request, for sending it again.</summary>
    public byte[] LastRequest { get; private set; } = [];

    public string Password
    {
        get => _password ?? run.Users.PasswordOf(User);
        set
        {
            _password = value;
            _key = null;
        }
    }

    /// <summary>The key of requests and responses.</summary>
    public IntegrityKey Key => _key ??= new IntegrityKey(TestUsers.KeyOf(
        User, Password, TurnServerRun.Realm, _algorithms.Length == 0 ? StunPasswordAlgorithm.Md5 : StunPasswordAlgorithm.Sha256));

    /// <summary>Asks without credentials and keeps what the challenge says.</summary>
    public void Learn()
    {
        byte[] request = Build(StunMethod.Allocate, static (ref StunMessageWriter writer) => writer.AddRequestedTransport(RelayProtocol.Udp), signed: false);
        Learn(run.Receive(request, Path).Expect(401));
    }

    public void Learn(TurnOutputs challenge)
    {
        Nonce = challenge.Find(StunAttributeType.Nonce);
        _algorithms = challenge.Find(StunAttributeType.PasswordAlgorithms) ?? [];
        _key = null;
        _learned = run.Now;
    }

    /// <summary>Builds a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="signed">Whether it has credentials.</param>
    public byte[] Build(StunMethod method, Attributes? attributes = null, bool signed = true)
    {
        byte[] buffer = new byte[8192];
        var writer = new StunMessageWriter(buffer, new StunMessageType(method, StunClass.Request), run.NextTransaction());
        attributes?.Invoke(ref writer);
        if (signed)
        {
            AddCredentials(ref writer);
        }

        if (HasFingerprint)
        {
            writer.AddFingerprint();
        }

        return writer.Written.ToArray();
    }

    /// <summary>Sends a request with credentials, and learns the nonce first where there is none.</summary>
    public TurnOutputs Request(StunMethod method, Attributes? attributes = null)
    {
        if (Nonce is null || (!KeepsNonce && run.Now - _learned > TimeSpan.FromSeconds(500)))
        {
            Learn();
        }

        LastRequest = Build(method, attributes);
        return Deliver(LastRequest);
    }

    /// <summary>Sends the last request once more, byte by byte.</summary>
    public TurnOutputs Repeat() => Deliver(LastRequest);

    /// <summary>Hands a message in as it is.</summary>
    public TurnOutputs Deliver(ReadOnlySpan<byte> message) => run.Receive(message, Path, Key);

    /// <summary>An Allocate for UDP, with more attributes.</summary>
    public TurnOutputs Allocate(Attributes? more = null) => Request(StunMethod.Allocate, (ref StunMessageWriter writer) =>
    {
        writer.AddRequestedTransport(RelayProtocol.Udp);
        more?.Invoke(ref writer);
    });

    public TurnOutputs AllocateTcp(Attributes? more = null) => Request(StunMethod.Allocate, (ref StunMessageWriter writer) =>
    {
        writer.AddRequestedTransport(RelayProtocol.Tcp);
        more?.Invoke(ref writer);
    });

    public TurnOutputs AllocateDual(Attributes? more = null) => Allocate((ref StunMessageWriter writer) =>
    {
        writer.AddAdditionalAddressFamily(StunAddressFamily.IPv6);
        more?.Invoke(ref writer);
    });

    public TurnOutputs AllocateFamily(StunAddressFamily family)
        => Allocate((ref StunMessageWriter writer) => writer.AddRequestedAddressFamily(family));

    public TurnOutputs Refresh(uint? seconds = null, StunAddressFamily? family = null) => Request(StunMethod.Refresh, (ref StunMessageWriter writer) =>
    {
        if (seconds is { } value)
        {
            writer.AddLifetime(TimeSpan.FromSeconds(value));
        }

        if (family is { } one)
        {
            writer.AddRequestedAddressFamily(one);
        }
    });

    public TurnOutputs Permit(params PeerAddress[] peers) => Request(StunMethod.CreatePermission, (ref StunMessageWriter writer) =>
    {
        foreach (PeerAddress peer in peers)
        {
            writer.AddXorPeerAddress(peer.Value);
        }
    });

    public TurnOutputs Permit(params string[] peers) => Permit([.. peers.Select(Endpoints.Of)]);

    public TurnOutputs Bind(ushort channel, PeerAddress peer) => Request(StunMethod.ChannelBind, (ref StunMessageWriter writer) =>
    {
        writer.AddChannelNumber(new ChannelNumber(channel));
        writer.AddXorPeerAddress(peer.Value);
    });

    public TurnOutputs Bind(ushort channel, string peer) => Bind(channel, Endpoints.Of(peer));

    public TurnOutputs Connect(PeerAddress peer)
        => Request(StunMethod.Connect, (ref StunMessageWriter writer) => writer.AddXorPeerAddress(peer.Value));

    public TurnOutputs ConnectionBind(uint id)
        => Request(StunMethod.ConnectionBind, (ref StunMessageWriter writer) => writer.AddConnectionId(new ConnectionId(id)));

    public TurnOutputs Send(PeerAddress peer, string data, bool dontFragment = false) => Indicate((ref StunMessageWriter writer) =>
    {
        writer.AddXorPeerAddress(peer.Value);
        if (dontFragment)
        {
            writer.AddDontFragment();
        }

        writer.AddData(Encoding.UTF8.GetBytes(data));
    });

    /// <summary>A Send indication with whatever attributes.</summary>
    public TurnOutputs Indicate(Attributes attributes) => run.Receive(Indication(StunMethod.Send, attributes), Path);

    public byte[] Indication(StunMethod method, Attributes attributes)
    {
        byte[] buffer = new byte[70_000];
        var writer = new StunMessageWriter(buffer, new StunMessageType(method, StunClass.Indication), run.NextTransaction());
        attributes(ref writer);
        return writer.Written.ToArray();
    }

    /// <summary>A ChannelData message, padded with zeros where asked for.</summary>
    public TurnOutputs OnChannel(ushort channel, string data, int padding = 0)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(data);
        byte[] message = new byte[ChannelData.HeaderSize + bytes.Length + padding];
        ChannelData.WriteHeader(message, new ChannelNumber(channel), bytes.Length);
        bytes.CopyTo(message, ChannelData.HeaderSize);
        return run.Receive(message, Path);
    }

    public void AddCredentials(ref StunMessageWriter writer)
    {
        writer.AddUsername(Encoding.UTF8.GetBytes(User));
        writer.AddRealm(Encoding.UTF8.GetBytes(RealmSent));
        writer.AddNonce(Nonce ?? throw new InvalidOperationException("The nonce is not known yet."));
        if (_algorithms.Length == 0)
        {
            writer.AddMessageIntegrity(Key);
            return;
        }

        writer.Add(StunAttributeType.PasswordAlgorithms, _algorithms);
        writer.AddPasswordAlgorithm(StunPasswordAlgorithm.Sha256);
        writer.AddMessageIntegritySha256(Key);
    }

    /// <summary>The same message with an attribute behind everything that it has.</summary>
    public static byte[] Append(byte[] message, StunAttributeType type, params byte[] value)
    {
        int padded = (value.Length + 3) & ~3;
        byte[] longer = new byte[message.Length + 4 + padded];
        message.CopyTo(longer, 0);
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(message.Length), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(message.Length + 2), (ushort)value.Length);
        value.CopyTo(longer, message.Length + 4);
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)(longer.Length - 20));
        return longer;
    }

    /// <summary>The same message with one bit of one byte changed.</summary>
    public static byte[] Flip(byte[] message, int index, byte mask = 1)
    {
        byte[] changed = [.. message];
        changed[index] ^= mask;
        Assert.NotEqual(message, changed);
        return changed;
    }

    public void Dispose() => _key?.Dispose();
}
