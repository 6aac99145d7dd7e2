using System;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The long-term credential mechanism from the client's side (RFC 8489 sections 9.2.3 and 9.2.5): sends the first request bare, answers the
/// challenge, caches realm and nonce for the requests that follow, and refuses to be bid down. One instance serves one server. Not safe for
/// concurrent use; dispose it.
/// </summary>
public sealed class LongTermClient : IClientCredential, IDisposable
{
    /// <summary>How often a request is tried again because of 438 (Stale Nonce); a bound of ours.</summary>
    public const int MaxStaleNonces = 3;

    /// <summary>How many realms in a row a server may ask for without accepting one; a bound of ours.</summary>
    public const int MaxRealms = 2;

    /// <summary>The largest PASSWORD-ALGORITHMS that is sent back, in bytes; a bound of ours, far above the two algorithms there are.</summary>
    public const int MaxOfferSize = 256;

    private readonly LongTermCredential _credential;
    private readonly byte[] _username;
    private readonly byte[] _userhash = new byte[Userhash.Size];
    private byte[] _realm = [];
    private byte[] _nonce = [];
    private byte[]? _offeredAlgorithms;
    private StunPasswordAlgorithm _algorithm = StunPasswordAlgorithm.Md5;
    private StunSecurityFeatures _features;
    private IntegrityKey? _key;
    private bool _refusalPossible;
    private int _staleNonces;
    private int _refusedRealms;

    /// <summary>Starts without a challenge.</summary>
    /// <param name="credential">The credential.</param>
    public LongTermClient(LongTermCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        _credential = credential;
        _username = Encoding.UTF8.GetBytes(credential.Username);
    }

    /// <summary>Whether a challenge has been received, so that requests carry the credential.</summary>
    public bool IsChallenged => _key is not null;

    /// <inheritdoc/>
    public void AddTo(ref StunMessageWriter writer)
    {
        if (_key is null)
        {
            // RFC 8489 section 9.2.3.1: the first request is sent as if there were no authentication.
            return;
        }

        if (_features.HasFlag(StunSecurityFeatures.UsernameAnonymity))
        {
            writer.AddUserhash(_userhash);
        }
        else
        {
            writer.AddUsername(_username);
        }

        writer.Add(StunAttributeType.Realm, _realm);
        writer.Add(StunAttributeType.Nonce, _nonce);
        _refusalPossible = true;
        if (_offeredAlgorithms is null)
        {
            writer.AddMessageIntegrity(_key);
            return;
        }

        writer.Add(StunAttributeType.PasswordAlgorithms, _offeredAlgorithms);
        writer.AddPasswordAlgorithm(_algorithm);
        writer.AddMessageIntegritySha256(_key);
    }

    /// <inheritdoc/>
    public ResponseVerdict Judge(scoped in StunMessage response)
    {
        if (response.Class == StunClass.ErrorResponse
            && response.ReadErrorCode(out StunErrorCode code, out _) == StunAttributeStatus.Present)
        {
            if (code is StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce)
            {
                return ResponseVerdict.Accept;
            }

            bool bare = !response.HasMessageIntegrity && !response.HasMessageIntegritySha256;
            if (code == StunErrorCode.BadRequest && bare && _key is not null)
            {
                return ResponseVerdict.Ignore;
            }
        }

        if (HidesPasswordAlgorithms(response))
        {
            return ResponseVerdict.Ignore;
        }

        if (_key is null)
        {
            // Nothing was authenticated, so nothing can be checked.
            return ResponseVerdict.Accept;
        }

        bool valid = _offeredAlgorithms is null
            ? MessageIntegrity.Verify(response, _key)
            : MessageIntegritySha256.Verify(response, _key);
        if (valid)
        {
            _staleNonces = 0;
            _refusedRealms = 0;
            _refusalPossible = false;
        }

        return valid ? ResponseVerdict.Accept : ResponseVerdict.IntegrityViolated;
    }

    /// <inheritdoc/>
    /// <remarks>For usages with one request at a time: the response is taken to answer the request that was built last.</remarks>
    public ChallengeDecision HandleError(scoped in StunMessage response)
        => HandleError(response, carriedCredential: _refusalPossible, isOutdated: false);

    /// <summary>
    /// Decides as <see cref="HandleError(in StunMessage)"/> does where several requests are in flight. What the server refuses is what the
    /// request carried: one that was built with an older nonce, or before the challenge, is made again with what is cached now, and counts
    /// neither as a stale nonce nor as a refusal.
    /// </summary>
    /// <param name="response">An error response that was accepted.</param>
    /// <param name="request">The request that it answers, as <see cref="AddTo"/> completed it.</param>
    public ChallengeDecision HandleError(scoped in StunMessage response, ReadOnlySpan<byte> request)
    {
        bool isMessage = StunMessage.Decode(request, out StunMessage sent) == StunDecodeStatus.Ok;
        bool carriedCredential = isMessage && (sent.HasMessageIntegrity || sent.HasMessageIntegritySha256);
        bool hasCurrentNonce = carriedCredential
            && sent.ReadNonce(out ReadOnlySpan<byte> nonce) == StunAttributeStatus.Present
            && nonce.SequenceEqual(_nonce);
        return HandleError(response, carriedCredential, isOutdated: IsChallenged && !hasCurrentNonce);
    }

    /// <summary>
    /// Makes a client of its own for another connection to the same server, which begins with the challenge that this one has been given: as a
    /// data connection does (RFC 6062 section 4.3). Where the server binds nonces to addresses, a 438 brings the right one.
    /// </summary>
    public LongTermClient Fork()
    {
        var fork = new LongTermClient(_credential);
        if (_key is not null && _credential.CreateKey(Encoding.UTF8.GetString(_realm), _algorithm) is { } key)
        {
            fork._key = key;
            fork._realm = _realm;
            fork._nonce = _nonce;
            fork._offeredAlgorithms = _offeredAlgorithms;
            fork._algorithm = _algorithm;
            fork._features = _features;
            _userhash.CopyTo(fork._userhash, 0);
        }

        return fork;
    }

    /// <summary>Checks the integrity attribute of a response, for what only an authenticated one may cause, such as a redirection.</summary>
    /// <param name="response">The response.</param>
    /// <param name="verified">The response, once verified.</param>
    public bool TryVerify(StunMessage response, out VerifiedStunMessage verified)
    {
        verified = default;
        return _key is not null && VerifiedStunMessage.TryVerify(response, _key, out verified);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => _key?.Dispose();

    private static bool HidesPasswordAlgorithms(scoped in StunMessage response)
        => response.ReadNonce(out ReadOnlySpan<byte> nonce) == StunAttributeStatus.Present
            && NonceCookie.TryRead(nonce, out StunSecurityFeatures features)
            && features.HasFlag(StunSecurityFeatures.PasswordAlgorithms)
            && response.ReadPasswordAlgorithms(out _) == StunAttributeStatus.Absent;

    private ChallengeDecision HandleError(scoped in StunMessage response, bool carriedCredential, bool isOutdated)
    {
        if (response.ReadErrorCode(out StunErrorCode code, out _) != StunAttributeStatus.Present
            || code is not (StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce))
        {
            return ChallengeDecision.NotAChallenge;
        }

        if (response.ReadNonce(out ReadOnlySpan<byte> nonce) != StunAttributeStatus.Present || nonce.IsEmpty)
        {
            return ChallengeDecision.Malformed;
        }

        StunAttributeStatus realmStatus = response.ReadRealm(out ReadOnlySpan<byte> realm);
        bool stale = code == StunErrorCode.StaleNonce && IsChallenged;
        if (realmStatus == StunAttributeStatus.Absent && stale)
        {
            // RFC 5389 servers may leave REALM out of a 438: the cached one stands.
            realm = _realm;
        }
        else if (realmStatus != StunAttributeStatus.Present || realm.IsEmpty)
        {
            return ChallengeDecision.Malformed;
        }

        if (HidesPasswordAlgorithms(response))
        {
            return ChallengeDecision.BidDown;
        }

        bool sameRealm = realm.SequenceEqual(_realm);
        if (isOutdated && sameRealm && (stale || !carriedCredential))
        {
            // Another response has brought a newer nonce meanwhile; this one's would be a step back.
            return ChallengeDecision.Retry;
        }

        if (stale)
        {
            if (++_staleNonces > MaxStaleNonces)
            {
                return ChallengeDecision.Refused;
            }
        }
        else if (carriedCredential && (sameRealm || ++_refusedRealms >= MaxRealms))
        {
            // RFC 8489 section 9.2.5: no retry that changes nothing, nor one for ever new realms.
            return ChallengeDecision.Refused;
        }

        return Adopt(response, realm, nonce);
    }

    private ChallengeDecision Adopt(scoped in StunMessage response, scoped ReadOnlySpan<byte> realm, scoped ReadOnlySpan<byte> nonce)
    {
        NonceCookie.TryRead(nonce, out StunSecurityFeatures features);
        StunPasswordAlgorithm algorithm = StunPasswordAlgorithm.Md5;
        byte[]? offered = null;
        switch (response.ReadPasswordAlgorithms(out PasswordAlgorithmList list))
        {
            case StunAttributeStatus.Malformed:
                return ChallengeDecision.Malformed;
            case StunAttributeStatus.Present when list.Value.Length > MaxOfferSize:
                return ChallengeDecision.Malformed;
            case StunAttributeStatus.Present when !list.TryChoose(out algorithm):
                return ChallengeDecision.NoSupportedAlgorithm;
            case StunAttributeStatus.Present:
                offered = list.Value.ToArray();
                break;
        }

        // A server that has offered algorithms once does not stop doing so in mid-session; an attacker would like it to
        // (RFC 8489 section 9.2.5: all subsequent requests use MESSAGE-INTEGRITY-SHA256 only).
        bool sameRealm = realm.SequenceEqual(_realm);
        bool dropsOffer = _offeredAlgorithms is not null && offered is null;
        if (_key is not null && (dropsOffer || (_features & ~features) != StunSecurityFeatures.None))
        {
            return ChallengeDecision.BidDown;
        }

        string realmText = Encoding.UTF8.GetString(realm);
        IntegrityKey? key = _key;
        if (key is null || !sameRealm || algorithm != _algorithm)
        {
            key = _credential.CreateKey(realmText, algorithm);
            if (key is null || !_credential.TryComputeUserhash(realmText, _userhash))
            {
                key?.Dispose();
                return ChallengeDecision.Malformed;
            }

            _key?.Dispose();
        }

        _key = key;
        _realm = realm.ToArray();
        _nonce = nonce.ToArray();
        _offeredAlgorithms = offered;
        _algorithm = algorithm;
        _features = features;
        return ChallengeDecision.Retry;
    }
}
