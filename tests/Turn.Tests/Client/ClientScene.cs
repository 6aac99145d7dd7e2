using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Turn.Tests;

/// <summary>A client allocation, a clock, and a server that answers as a test tells it, with the long-term credential of one user.</summary>
internal sealed class ClientScene : ILongTermKeys, INonceAuthority, IDisposable
{
    public const string Realm = "example.org";
    public static readonly LongTermCredential Credential = new("user", "the-pass-word");
    public static readonly TransportAddress Server = Address("192.0.2.1:3478");
    public static readonly TransportAddress Client = Address("198.51.100.7:40000");
    public static readonly TransportAddress Relayed = Address("192.0.2.1:50000");
    public static readonly TransportAddress Relayed6 = Address("[2001:db8::1]:50000");
    public static readonly TransportAddress Peer = Address("203.0.113.9:7000");

    private readonly SeededRandom _random = new(7);
    private readonly LongTermServer _mechanism;
    private readonly byte[] _buffer = new byte[ClientAllocation.MaxRequestSize];

    public ClientScene(ClientAllocationOptions? options = null, bool sha256 = false)
    {
        _mechanism = new LongTermServer(Realm, this, this, sha256 ? [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5] : [], usernameAnonymity: false);
        Allocation = new ClientAllocation(Server, options ?? new ClientAllocationOptions { Credential = Credential }, _random);
    }

    public delegate void Build(ref StunMessageWriter writer);

    public ClientAllocation Allocation { get; }

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromSeconds(1000);

    /// <summary>The nonce that the server takes; others are stale.</summary>
    public string Nonce { get; set; } = "nonce-1";

    /// <summary>What the server grants.</summary>
    public uint Lifetime { get; set; } = 600;

    public static TransportAddress Address(string text)
        => TransportAddress.TryParse(text, out TransportAddress address) ? address : throw new FormatException(text);

    public static StunMessage Decode(byte[] bytes)
        => StunMessage.Decode(bytes, out StunMessage message) == StunDecodeStatus.Ok ? message : throw new InvalidOperationException("malformed");

    public static StunMethod Method(byte[] bytes) => Decode(bytes).Method;

    /// <summary>An allocation that the server has made.</summary>
    public static ClientScene Allocated(ClientAllocationOptions? options = null, bool sha256 = false, uint lifetime = 600)
    {
        var scene = new ClientScene(options, sha256) { Lifetime = lifetime };
        scene.Allocation.Allocate(scene.Now);
        scene.Serve();
        return scene.Events() is [{ Kind: ClientAllocationEventKind.Allocated }] ? scene : throw new InvalidOperationException("not allocated");
    }

    public void Dispose()
    {
        Allocation.Dispose();
        _mechanism.Dispose();
        _random.Dispose();
    }

    public Instant In(double seconds) => Now + TimeSpan.FromSeconds(seconds);

    public List<byte[]> Transmits()
    {
        var sent = new List<byte[]>();
        while (Allocation.TryReadTransmit(_buffer, Now, out StunTransmit transmit))
        {
            if (transmit.Destination != Server)
            {
                throw new InvalidOperationException("sent elsewhere");
            }

            sent.Add(_buffer[..transmit.Length]);
        }

        return sent;
    }

    public List<ClientAllocationEvent> Events()
    {
        var events = new List<ClientAllocationEvent>();
        while (Allocation.TryReadEvent(out ClientAllocationEvent happened))
        {
            events.Add(happened);
        }

        return events;
    }

    public ClientAllocationEventKind[] Kinds() => [.. Events().Select(static happened => happened.Kind)];

    public ClientDisposition Deliver(byte[] bytes, TransportAddress? source = null)
        => Allocation.HandleDatagram(bytes, source ?? Server, Now, out _);

    /// <summary>Answers everything that is sent until nothing is, well; challenges included.</summary>
    /// <returns>The requests, in order.</returns>
    public List<byte[]> Serve(Func<byte[], byte[]?>? answer = null)
    {
        var all = new List<byte[]>();
        while (Transmits() is { Count: > 0 } sent)
        {
            all.AddRange(sent);
            foreach (byte[] request in sent)
            {
                if ((answer ?? Grant)(request) is { } response)
                {
                    Deliver(response);
                }
            }
        }

        return all;
    }

    /// <summary>The challenge that a request deserves, or a success response that grants it.</summary>
    public byte[] Grant(byte[] request) => Answer(request, StunClass.SuccessResponse, (ref StunMessageWriter writer) =>
    {
        switch (Decode(request).Method)
        {
            case StunMethod.Allocate:
                writer.AddXorRelayedAddress(Relayed);
                writer.AddXorMappedAddress(Client);
                writer.AddUInt32(StunAttributeType.Lifetime, Lifetime);
                break;
            case StunMethod.Refresh:
                writer.AddUInt32(StunAttributeType.Lifetime, Lifetime);
                break;
            case StunMethod.Connect:
                writer.AddConnectionId(new ConnectionId(77));
                break;
        }
    });

    public byte[] Refuse(byte[] request, StunErrorCode code)
        => Answer(request, StunClass.ErrorResponse, (ref StunMessageWriter writer) => writer.AddErrorCode(code));

    /// <summary>The challenge that a request deserves, or a protected response.</summary>
    public byte[] Answer(byte[] bytes, StunClass @class, Build build)
    {
        StunMessage request = Decode(bytes);
        byte[] buffer = new byte[2048];
        RequestVerdict verdict = _mechanism.Check(request, Client, Now, out VerifiedStunMessage verified, out IntegrityKey? key);
        if (verdict != RequestVerdict.Accepted)
        {
            StunMessageWriter challenge = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
            challenge.AddErrorCode(verdict.ToErrorCode());
            _mechanism.AddChallenge(ref challenge, verdict, Client, Now);
            return challenge.Written.ToArray();
        }

        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, @class);
        build(ref writer);
        LongTermServer.Protect(ref writer, verified, key!);
        return writer.Written.ToArray();
    }

    public byte[] Indication(StunMethod method, Build build)
    {
        var writer = new StunMessageWriter(new byte[2048], new StunMessageType(method, StunClass.Indication), TransactionId.Create(_random));
        build(ref writer);
        return writer.Written.ToArray();
    }

    public byte[] Data(TransportAddress peer, params byte[] payload) => Indication(StunMethod.Data, (ref StunMessageWriter writer) =>
    {
        writer.AddXorPeerAddress(peer);
        writer.AddData(payload);
    });

    /// <summary>Lets time pass without a call.</summary>
    public void Sleep(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    /// <summary>Lets time pass, and every deadline in it.</summary>
    /// <returns>What was sent.</returns>
    public List<byte[]> Advance(double seconds, Func<byte[], byte[]?>? answer = null)
    {
        var sent = new List<byte[]>();
        Instant end = Now + TimeSpan.FromSeconds(seconds);
        while (Allocation.NextTimeout is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Allocation.HandleTimeout(Now);
            sent.AddRange(Serve(answer));
        }

        Now = end;
        return sent;
    }

    /// <summary>A permission for a peer that the server has confirmed.</summary>
    public ClientScene Permit(TransportAddress? peer = null)
    {
        Allocation.Permit(peer ?? Peer, Now);
        Serve();
        Events();
        return this;
    }

    /// <summary>A channel to a peer that the server has confirmed.</summary>
    public ClientScene Bind(TransportAddress? peer = null)
    {
        Allocation.BindChannel(peer ?? Peer, Now);
        Serve();
        Events();
        return this;
    }

    public bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = username.SequenceEqual("user"u8) ? Credential.CreateKey(Realm, algorithm) : null;
        return key is not null;
    }

    public bool TryGetKeyByUserhash(ReadOnlySpan<byte> userhash, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = null;
        return false;
    }

    public int Issue(TransportAddress client, Instant now, Span<byte> destination) => Encoding.ASCII.GetBytes(Nonce, destination);

    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now) => Encoding.ASCII.GetString(nonce).EndsWith(Nonce, StringComparison.Ordinal);

}
