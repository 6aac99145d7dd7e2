using System;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The long-term credential mechanism from the server's side (RFC 8489 section 9.2.4). Holds no state of clients; not safe for concurrent use
/// where its key source is not.
/// </summary>
public sealed class LongTermServer : IDisposable
{
    private readonly byte[] _realm;
    private readonly ILongTermKeys _keys;
    private readonly INonceAuthority _nonces;
    private readonly StunPasswordAlgorithm[] _algorithms;
    private readonly byte[] _offer;
    private readonly StunSecurityFeatures _features;
    private readonly IntegrityKey _nobody = new(new byte[MessageIntegritySha256.FullSize]);

    /// <summary>Sets the mechanism up.</summary>
    /// <param name="realm">The realm, prepared; 1 to 127 characters.</param>
    /// <param name="keys">The valid credentials.</param>
    /// <param name="nonces">The source of nonces.</param>
    /// <param name="algorithms">
    /// The algorithms to offer, best first; empty for MESSAGE-INTEGRITY and MD5 alone, as RFC 5389 had it.
    /// </param>
    /// <param name="usernameAnonymity">Whether USERHASH is accepted.</param>
    /// <exception cref="ArgumentException">The realm is empty or too long, or an algorithm is not MD5 or SHA-256.</exception>
    public LongTermServer(
        string realm,
        ILongTermKeys keys,
        INonceAuthority nonces,
        ReadOnlySpan<StunPasswordAlgorithm> algorithms = default,
        bool usernameAnonymity = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(realm);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(realm.Length, 127, nameof(realm));
        _realm = Encoding.UTF8.GetBytes(realm);
        _keys = keys;
        _nonces = nonces;
        _algorithms = algorithms.ToArray();
        _offer = new byte[algorithms.Length * 4];
        for (int i = 0; i < algorithms.Length; i++)
        {
            if (algorithms[i] is not (StunPasswordAlgorithm.Md5 or StunPasswordAlgorithm.Sha256))
            {
                throw new ArgumentException("Only MD5 and SHA-256 can be offered.", nameof(algorithms));
            }

            _offer[(i * 4) + 1] = (byte)algorithms[i];
        }

        _features = (algorithms.IsEmpty ? StunSecurityFeatures.None : StunSecurityFeatures.PasswordAlgorithms)
            | (usernameAnonymity ? StunSecurityFeatures.UsernameAnonymity : StunSecurityFeatures.None);
    }

    /// <summary>Checks a request, in the order of RFC 8489 section 9.2.4.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Where it came from.</param>
    /// <param name="now">When it came.</param>
    /// <param name="verified">The request, once accepted.</param>
    /// <param name="key">The key that the response must be protected with, once accepted; it stays the source's.</param>
    public RequestVerdict Check(
        StunMessage request,
        TransportAddress client,
        Instant now,
        out VerifiedStunMessage verified,
        out IntegrityKey? key)
    {
        verified = default;
        key = null;
        if (!request.HasMessageIntegrity && !request.HasMessageIntegritySha256)
        {
            return RequestVerdict.Unauthenticated;
        }

        StunAttributeStatus username = request.ReadUsername(out ReadOnlySpan<byte> usernameValue);
        StunAttributeStatus userhash = request.ReadUserhash(out ReadOnlySpan<byte> userhashValue);
        bool oneUser = (username == StunAttributeStatus.Present) ^ (userhash == StunAttributeStatus.Present);
        if (!oneUser
            || username == StunAttributeStatus.Malformed
            || userhash == StunAttributeStatus.Malformed
            || request.ReadRealm(out ReadOnlySpan<byte> realm) != StunAttributeStatus.Present
            || request.ReadNonce(out ReadOnlySpan<byte> nonce) != StunAttributeStatus.Present
            || !TryChooseAlgorithm(request, nonce, out StunPasswordAlgorithm algorithm))
        {
            return RequestVerdict.BadRequest;
        }

        IntegrityKey? found = null;
        bool known = userhash == StunAttributeStatus.Present
            ? _features.HasFlag(StunSecurityFeatures.UsernameAnonymity)
                && _keys.TryGetKeyByUserhash(userhashValue, algorithm, out found)
            : _keys.TryGetKey(usernameValue, algorithm, out found);
        // An unknown user costs as much as a wrong password, so that time does not tell which names exist.
        bool valid = VerifiedStunMessage.TryVerify(request, known && found is not null ? found : _nobody, out verified);
        if (!valid || !known || found is null || !realm.SequenceEqual(_realm))
        {
            verified = default;
            return RequestVerdict.Unauthenticated;
        }

        // The nonce is judged last: only somebody who knows the password learns that it is stale.
        bool hasCookie = NonceCookie.TryRead(nonce, out StunSecurityFeatures features);
        if (!hasCookie || features != _features || !_nonces.IsValid(nonce[NonceCookie.Size..], client, now))
        {
            verified = default;
            return RequestVerdict.StaleNonce;
        }

        key = found;
        return RequestVerdict.Accepted;
    }

    /// <summary>Adds what an error response to a request that was not accepted carries: REALM, NONCE and PASSWORD-ALGORITHMS.</summary>
    /// <param name="writer">An error response with its ERROR-CODE.</param>
    /// <param name="verdict">The verdict; a 400 carries none of them.</param>
    /// <param name="client">Where the request came from.</param>
    /// <param name="now">When it came.</param>
    public void AddChallenge(ref StunMessageWriter writer, RequestVerdict verdict, TransportAddress client, Instant now)
    {
        if (verdict is not (RequestVerdict.Unauthenticated or RequestVerdict.StaleNonce))
        {
            return;
        }

        Span<byte> nonce = stackalloc byte[NonceCookie.Size + 64];
        NonceCookie.Write(nonce, _features);
        int length = NonceCookie.Size + _nonces.Issue(client, now, nonce[NonceCookie.Size..]);
        writer.Add(StunAttributeType.Realm, _realm);
        writer.Add(StunAttributeType.Nonce, nonce[..length]);
        if (_offer.Length != 0)
        {
            writer.Add(StunAttributeType.PasswordAlgorithms, _offer);
        }
    }

    /// <summary>
    /// Protects a response: MESSAGE-INTEGRITY where the request named no password algorithm, else MESSAGE-INTEGRITY-SHA256.
    /// </summary>
    /// <param name="writer">A response with all its other attributes.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">The key that <see cref="Check"/> returned.</param>
    public static void Protect(ref StunMessageWriter writer, scoped in VerifiedStunMessage request, IntegrityKey key)
    {
        // RFC 8489 section 9.2.4: whatever attribute the request itself was protected with.
        if (request.Message.ReadPasswordAlgorithm(out _, out _) == StunAttributeStatus.Absent)
        {
            writer.AddMessageIntegrity(key);
        }
        else
        {
            writer.AddMessageIntegritySha256(key);
        }
    }

    /// <summary>Releases what the mechanism itself holds; keys stay their source's.</summary>
    public void Dispose() => _nobody.Dispose();

    private bool TryChooseAlgorithm(scoped in StunMessage request, scoped ReadOnlySpan<byte> nonce, out StunPasswordAlgorithm algorithm)
    {
        algorithm = StunPasswordAlgorithm.Md5;
        bool offered = NonceCookie.TryRead(nonce, out StunSecurityFeatures features)
            && features.HasFlag(StunSecurityFeatures.PasswordAlgorithms);
        if (!offered)
        {
            return true;
        }

        StunAttributeStatus list = request.ReadPasswordAlgorithms(out PasswordAlgorithmList echoed);
        StunAttributeStatus one = request.ReadPasswordAlgorithm(out StunPasswordAlgorithm chosen, out ReadOnlySpan<byte> parameters);
        if (list == StunAttributeStatus.Absent && one == StunAttributeStatus.Absent)
        {
            return true;
        }

        // The echo proves that nobody on the path has shortened the offer.
        algorithm = chosen;
        return list == StunAttributeStatus.Present
            && one == StunAttributeStatus.Present
            && echoed.Value.SequenceEqual(_offer)
            && parameters.IsEmpty
            && _algorithms.AsSpan().Contains(chosen);
    }
}
