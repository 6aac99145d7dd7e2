using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Stack.Stun;

namespace Stack.Transport.Tests;

/// <summary>A server with long-term credentials for one user, <c>alice</c> with <c>secret</c>, in the realm <c>example.org</c>.</summary>
internal sealed class LongTermScript : ILongTermKeys, INonceAuthority, IDisposable
{
    private const string Realm = "example.org";

    private readonly LongTermServer _mechanism;
    private readonly StunAttributeWriter? _redirection;
    private int _nonce;

    public LongTermScript(bool sha256 = false, StunAttributeWriter? redirection = null)
    {
        StunPasswordAlgorithm[] algorithms = sha256 ? [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5] : [];
        _mechanism = new LongTermServer(Realm, this, this, algorithms, usernameAnonymity: sha256);
        _redirection = redirection;
    }

    public static LongTermCredential Credential => new("alice", "secret");

    /// <summary>How many more requests find their nonce expired.</summary>
    public int StaleNonces { get; set; }

    public IEnumerable<byte[]> Answer(byte[] bytes, IPEndPoint endPoint)
    {
        TransportAddress client = TransportAddress.FromIPEndPoint(endPoint);
        StunMessage.Decode(bytes, out StunMessage request);
        RequestVerdict verdict = _mechanism.Check(request, client, Instant.Zero, out VerifiedStunMessage verified, out IntegrityKey? key);
        byte[] buffer = new byte[1024];
        if (verdict != RequestVerdict.Accepted)
        {
            StunMessageWriter refusal = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
            refusal.AddErrorCode(verdict.ToErrorCode());
            _mechanism.AddChallenge(ref refusal, verdict, client, Instant.Zero);
            return [refusal.Written.ToArray()];
        }

        StunClass @class = _redirection is null ? StunClass.SuccessResponse : StunClass.ErrorResponse;
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, @class);
        if (_redirection is null)
        {
            writer.AddXorMappedAddress(client);
        }
        else
        {
            writer.AddErrorCode(StunErrorCode.TryAlternate);
            _redirection(ref writer);
        }

        LongTermServer.Protect(ref writer, verified, key!);
        return [writer.Written.ToArray()];
    }

    public void Dispose() => _mechanism.Dispose();

    public bool TryGetKey(ReadOnlySpan<byte> username, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        key = username.SequenceEqual("alice"u8) ? Credential.CreateKey(Realm, algorithm) : null;
        return key is not null;
    }

    public bool TryGetKeyByUserhash(ReadOnlySpan<byte> userhash, StunPasswordAlgorithm algorithm, [NotNullWhen(true)] out IntegrityKey? key)
    {
        Span<byte> expected = stackalloc byte[32];
        Credential.TryComputeUserhash(Realm, expected);
        key = userhash.SequenceEqual(expected) ? Credential.CreateKey(Realm, algorithm) : null;
        return key is not null;
    }

    public int Issue(TransportAddress client, Instant now, Span<byte> destination)
        => Encoding.ASCII.GetBytes((++_nonce).ToString(CultureInfo.InvariantCulture), destination);

    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now) => StaleNonces == 0 || StaleNonces-- < 0;
}
