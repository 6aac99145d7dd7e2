using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Threading;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport.Tests;

/// <summary>
/// A relay that is its own only peer: what is sent to any peer comes back from it. For one user, <c>alice</c> with <c>secret</c>, in the realm
/// <c>example.org</c>.
/// </summary>
internal sealed class TurnScript : ILongTermKeys, INonceAuthority, IDisposable
{
    private const string Realm = "example.org";

    private readonly LongTermServer _mechanism;
    private int _channelDataCount;

    public TurnScript() => _mechanism = new LongTermServer(Realm, this, this, [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5], usernameAnonymity: true);

    public static LongTermCredential Credential => new("alice", "secret");

    public static IPEndPoint Peer { get; } = new(IPAddress.Parse("203.0.113.9"), 7000);

    /// <summary>The error that a method gets, until it is taken out.</summary>
    public ConcurrentDictionary<StunMethod, StunErrorCode> Errors { get; } = new();

    /// <summary>Where a 300 response points to.</summary>
    public IPEndPoint? Alternate { get; set; }

    public int RelayedPort { get; set; } = 50000;

    /// <summary>The requests that were authenticated, with the client's port.</summary>
    public ConcurrentQueue<(StunMethod Method, int Port, uint Lifetime)> Served { get; } = [];

    /// <summary>How many ChannelData messages came.</summary>
    public int ChannelDataCount => Volatile.Read(ref _channelDataCount);

    public IEnumerable<byte[]> Answer(byte[] bytes, IPEndPoint client)
    {
        if (StunDemultiplexer.Classify(bytes) == StunPacketKind.ChannelData)
        {
            Interlocked.Increment(ref _channelDataCount);
            return [bytes];
        }

        StunMessage.Decode(bytes, out StunMessage message);
        return message.Class switch
        {
            StunClass.Request => [Respond(message, client)],
            StunClass.Indication => [Echo(message)],
            _ => [],
        };
    }

    public void Dispose() => _mechanism.Dispose();

    public bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = null;
        return false;
    }

    public bool TryGetKeyByUserhash(ReadOnlySpan<byte> userhash, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        Span<byte> expected = stackalloc byte[32];
        Credential.TryComputeUserhash(Realm, expected);
        key = userhash.SequenceEqual(expected) ? Credential.CreateKey(Realm, algorithm) : null;
        return key is not null;
    }

    public int Issue(TransportAddress client, Instant now, Span<byte> destination) => Encoding.ASCII.GetBytes("n", destination);

    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now) => true;

    public static byte[] Icmp(IPEndPoint peer) => Wire.Request(
        StunMethod.Data,
        (ref StunMessageWriter writer) =>
        {
            writer.AddXorPeerAddress(TransportAddress.FromIPEndPoint(peer));
            writer.AddIcmp(new IcmpError(3, 3, 0));
        },
        StunClass.Indication);

    private static byte[] Echo(StunMessage indication)
    {
        indication.ReadXorPeerAddress(out TransportAddress peer);
        indication.ReadData(out ReadOnlySpan<byte> data);
        byte[] payload = data.ToArray();
        if (payload is [0xFF, ..])
        {
            return Icmp(peer.ToIPEndPoint());
        }

        return Wire.Request(
            StunMethod.Data,
            (ref StunMessageWriter writer) =>
            {
                writer.AddXorPeerAddress(peer);
                writer.AddData(payload);
            },
            StunClass.Indication);
    }

    private byte[] Respond(StunMessage request, IPEndPoint endPoint)
    {
        TransportAddress client = TransportAddress.FromIPEndPoint(endPoint);
        byte[] buffer = new byte[1024];
        RequestVerdict verdict = _mechanism.Check(request, client, Instant.Zero, out VerifiedStunMessage verified, out IntegrityKey? key);
        if (verdict != RequestVerdict.Accepted)
        {
            StunMessageWriter challenge = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
            challenge.AddErrorCode(verdict.ToErrorCode());
            _mechanism.AddChallenge(ref challenge, verdict, client, Instant.Zero);
            return challenge.Written.ToArray();
        }

        bool hasLifetime = request.ReadLifetime(out uint lifetime) == StunAttributeStatus.Present;
        Served.Enqueue((request.Method, endPoint.Port, hasLifetime ? lifetime : uint.MaxValue));
        bool fails = Errors.TryGetValue(request.Method, out StunErrorCode code) || (Alternate is not null && request.Method == StunMethod.Allocate);
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, fails ? StunClass.ErrorResponse : StunClass.SuccessResponse);
        if (Alternate is { } alternate)
        {
            writer.AddErrorCode(StunErrorCode.TryAlternate);
            writer.AddAlternateServer(TransportAddress.FromIPEndPoint(alternate));
        }
        else if (fails)
        {
            writer.AddErrorCode(code);
        }
        else if (request.Method == StunMethod.Allocate)
        {
            writer.AddXorRelayedAddress(TransportAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse("192.0.2.1"), RelayedPort)));
            writer.AddXorMappedAddress(client);
            writer.AddLifetime(TimeSpan.FromSeconds(600));
        }
        else if (request.Method == StunMethod.Refresh)
        {
            writer.AddLifetime(TimeSpan.FromSeconds(600));
        }

        LongTermServer.Protect(ref writer, verified, key!);
        return writer.Written.ToArray();
    }
}
