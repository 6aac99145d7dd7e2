using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Stack.TestKit;

namespace Stack.Stun.Tests;

/// <summary>Keys of one user, nonces that count, and messages built by hand.</summary>
internal sealed class CredentialBench : ILongTermKeys, IShortTermKeys, INonceAuthority, IDisposable
{
    public const string User = "user";
    public const string Password = "the-pass-word-of-the-tests";
    public const string Realm = "example.org";
    public static readonly TransportAddress Client = DiscoveryScenario.Address("198.51.100.7:40000");

    private readonly Dictionary<StunPasswordAlgorithm, IntegrityKey> _keys = [];
    private readonly IntegrityKey _shortTerm = new ShortTermCredential(User, Password).CreateKey();
    private readonly byte[] _userhash = new byte[Userhash.Size];
    private int _issued;

    public CredentialBench()
    {
        var credential = new LongTermCredential(User, Password);
        foreach (StunPasswordAlgorithm algorithm in (StunPasswordAlgorithm[])[StunPasswordAlgorithm.Md5, StunPasswordAlgorithm.Sha256])
        {
            _keys[algorithm] = credential.CreateKey(Realm, algorithm)!;
        }

        credential.TryComputeUserhash(Realm, _userhash);
    }

    public delegate void Build(ref StunMessageWriter writer);

    /// <summary>The nonces that count as valid; those of other clients and expired ones do not.</summary>
    public Func<string, bool> NonceIsValid { get; set; } = static _ => true;

    public int UserhashLookups { get; private set; }

    public int NonceChecks { get; private set; }

    public static byte[] Message(StunClass messageClass, Build build, StunMethod method = StunMethod.Allocate)
    {
        byte[] buffer = new byte[1024];
        using var random = new SeededRandom(5);
        var writer = new StunMessageWriter(buffer, new StunMessageType(method, messageClass), TransactionId.Create(random));
        build(ref writer);
        return writer.Written.ToArray();
    }

    public static byte[] Request(IClientCredential credential) => Message(StunClass.Request, credential.AddTo);

    public static StunMessage Decode(byte[] bytes) => StunMessage.Decode(bytes, out StunMessage message) == StunDecodeStatus.Ok
        ? message
        : throw new InvalidOperationException("malformed");

    public static StunAttributeType[] Types(byte[] bytes)
    {
        var types = new List<StunAttributeType>();
        foreach (StunAttribute attribute in Decode(bytes))
        {
            types.Add(attribute.Type);
        }

        return [.. types];
    }

    public static string Cookie(StunSecurityFeatures features)
    {
        byte[] cookie = new byte[NonceCookie.Size];
        NonceCookie.Write(cookie, features);
        return Encoding.ASCII.GetString(cookie);
    }

    public IntegrityKey Key(StunPasswordAlgorithm algorithm) => _keys[algorithm];

    public LongTermServer Server(StunPasswordAlgorithm[]? algorithms = null, bool anonymity = false)
        => new(Realm, this, this, algorithms ?? [], anonymity);

    /// <summary>Checks a request as a server does, and builds its whole response.</summary>
    public static RequestVerdict Serve(LongTermServer server, byte[] request, out byte[] response)
    {
        StunMessage message = Decode(request);
        RequestVerdict verdict = server.Check(message, Client, Instant.Zero, out VerifiedStunMessage verified, out IntegrityKey? key);
        byte[] buffer = new byte[1024];
        StunMessageWriter writer = StunMessageWriter.Respond(
            buffer,
            message,
            verdict == RequestVerdict.Accepted ? StunClass.SuccessResponse : StunClass.ErrorResponse);
        if (verdict == RequestVerdict.Accepted)
        {
            LongTermServer.Protect(ref writer, verified, key!);
        }
        else
        {
            writer.AddErrorCode(verdict.ToErrorCode());
            server.AddChallenge(ref writer, verdict, Client, Instant.Zero);
        }

        response = writer.Written.ToArray();
        return verdict;
    }

    public static ResponseVerdict Judge(IClientCredential client, byte[] response) => client.Judge(Decode(response));

    public static ChallengeDecision Decide(IClientCredential client, byte[] response) => client.HandleError(Decode(response));

    /// <summary>An error response with a challenge written by hand.</summary>
    public static byte[] Challenge(StunErrorCode code, string? realm, string? nonce, params StunPasswordAlgorithm[] algorithms)
        => Message(StunClass.ErrorResponse, (ref StunMessageWriter writer) =>
        {
            writer.AddErrorCode(code);
            if (realm is not null)
            {
                writer.AddRealm(Encoding.UTF8.GetBytes(realm));
            }

            if (nonce is not null)
            {
                writer.AddNonce(Encoding.UTF8.GetBytes(nonce));
            }

            if (algorithms.Length != 0)
            {
                writer.AddPasswordAlgorithms(algorithms);
            }
        });

    public bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = username.SequenceEqual(Encoding.UTF8.GetBytes(User)) ? _keys[algorithm] : null;
        return key is not null;
    }

    public bool TryGetKeyByUserhash(ReadOnlySpan<byte> userhash, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        UserhashLookups++;
        key = userhash.SequenceEqual(_userhash) ? _keys[algorithm] : null;
        return key is not null;
    }

    public bool TryGetKey(ReadOnlySpan<byte> username, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = username.SequenceEqual(Encoding.UTF8.GetBytes(User)) ? _shortTerm : null;
        return key is not null;
    }

    public int Issue(TransportAddress client, Instant now, Span<byte> destination)
        => Encoding.ASCII.GetBytes($"nonce-{client.Port}-{_issued++:D4}", destination);

    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now)
    {
        NonceChecks++;
        return NonceIsValid(Encoding.ASCII.GetString(nonce));
    }

    public void Dispose()
    {
        _shortTerm.Dispose();
        foreach (IntegrityKey key in _keys.Values.ToArray())
        {
            key.Dispose();
        }
    }
}
