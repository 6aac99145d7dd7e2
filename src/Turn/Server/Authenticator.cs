using System;
using System.Security.Cryptography;
using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// Who may ask for anything: the long-term credential mechanism (RFC 8489 section 9.2) with what the open internet makes necessary. The reply to
/// somebody who has not authenticated is small and rationed; a source that keeps failing is not heard for a while.
/// </summary>
internal sealed class Authenticator : IDisposable
{
    // A shared secret that is being changed, in two sources: more would be work for whoever fails on purpose.
    private const int MaxKeys = 4;

    private readonly TurnServerOptions _options;
    private readonly TurnServerResources _resources;
    private readonly ICredentialSource _source;
    private readonly UserKeys _keys;
    private readonly LoopNonces _nonces;
    private readonly LongTermServer _udp;
    private readonly LongTermServer _streams;

    public Authenticator(TurnServerOptions options, TurnServerResources resources, ICredentialSource source, RandomNumberGenerator random)
    {
        _options = options;
        _resources = resources;
        _source = source;
        _keys = new UserKeys(source, options.Realm, random);
        _nonces = new LoopNonces(resources);
        _udp = Create(options.OffersSha256OverUdp);
        _streams = Create(options.OffersSha256OverStreams);
    }

    /// <summary>The name of the user who was accepted last.</summary>
    public ReadOnlySpan<byte> Username => _keys.Username;

    /// <summary>The name that the quotas of that user are counted under.</summary>
    public string Account => Encoding.Latin1.GetString(_source.GetAccount(_keys.Username));

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">How it came.</param>
    /// <param name="allocation">The allocation of the 5-tuple: its user is heard in any case, so that nobody else can silence him.</param>
    /// <param name="buffer">Where the error response goes.</param>
    /// <param name="now">When it came.</param>
    /// <param name="verified">The request, once accepted.</param>
    /// <param name="key">The key of the response, once accepted; valid until the next check.</param>
    /// <param name="step">What is to be done, where it was not accepted.</param>
    public bool TryAccept(
        StunMessage request,
        in FiveTuple path,
        Allocation? allocation,
        Span<byte> buffer,
        Instant now,
        out VerifiedStunMessage verified,
        out IntegrityKey? key,
        out TurnServerStep step)
    {
        verified = default;
        key = null;
        TransportAddress client = path.Client.Value;
        bool claims = request.HasMessageIntegrity || request.HasMessageIntegritySha256;
        bool proven = claims && HasOwnNonce(request, client, now);
        if (_resources.IsSilenced(client, unproven: claims && !proven, now) && !IsOfItsUser(request, allocation, claims))
        {
            step = new TurnServerStep(TurnServerAction.None, TurnServerDisposition.Silenced);
            return false;
        }

        LongTermServer mechanism = path.Transport == StunTransport.Udp ? _udp : _streams;
        RequestVerdict verdict = Check(mechanism, request, client, now, out verified, out key);
        if (verdict == RequestVerdict.Accepted)
        {
            step = default;
            return true;
        }

        if (claims && verdict == RequestVerdict.Unauthenticated)
        {
            _resources.CountFailure(client, proven, now);
        }

        step = Refuse(request, path, mechanism, verdict, proven, buffer, now);
        return false;
    }

    public void Dispose()
    {
        _udp.Dispose();
        _streams.Dispose();
        _keys.Dispose();
        _nonces.Dispose();
    }

    // A user may have several keys, as while a secret is being changed: the one that verifies the request counts.
    private RequestVerdict Check(
        LongTermServer mechanism,
        StunMessage request,
        TransportAddress client,
        Instant now,
        out VerifiedStunMessage verified,
        out IntegrityKey? key)
    {
        // An unknown user is tried as often as one who has a single key and forgot it: time does not tell them apart.
        RequestVerdict verdict;
        _keys.Index = 0;
        do
        {
            verdict = mechanism.Check(request, client, now, out verified, out key);
        }
        while (verdict == RequestVerdict.Unauthenticated && (_keys.IsKnown || _keys.Index == 0) && ++_keys.Index < MaxKeys);

        return verdict;
    }

    private TurnServerStep Refuse(
        in StunMessage request,
        in FiveTuple path,
        LongTermServer mechanism,
        RequestVerdict verdict,
        bool proven,
        Span<byte> buffer,
        Instant now)
    {
        bool forgeable = path.Transport == StunTransport.Udp;
        if (forgeable && !_resources.TryTakeReply(path.Client.Value, proven, now))
        {
            return new TurnServerStep(TurnServerAction.None, TurnServerDisposition.RateLimited);
        }

        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
        writer.AddErrorCode(verdict.ToErrorCode());
        mechanism.AddChallenge(ref writer, verdict, path.Client.Value, now);
        if (request.HasFingerprint)
        {
            writer.AddFingerprint();
        }

        if (forgeable && !proven && _options.StrictAmplification && writer.Length > request.Bytes.Length)
        {
            return new TurnServerStep(TurnServerAction.None, TurnServerDisposition.RateLimited);
        }

        TurnServerDisposition disposition = verdict == RequestVerdict.BadRequest ? TurnServerDisposition.Refused : TurnServerDisposition.Challenged;
        return new TurnServerStep(TurnServerAction.Reply, disposition, new BindingReply(path.Server, path.Client.Value, writer.Length));
    }

    // Whoever has an allocation could otherwise try the passwords of all others from there.
    private bool IsOfItsUser(in StunMessage request, Allocation? allocation, bool claims)
    {
        if (allocation is null || !claims)
        {
            return allocation is not null;
        }

        if (request.ReadUsername(out ReadOnlySpan<byte> username) == StunAttributeStatus.Present)
        {
            return allocation.IsOf(username);
        }

        Span<byte> expected = stackalloc byte[Userhash.Size];
        Userhash.Compute(allocation.UsernameText, _options.Realm, expected);
        return request.ReadUserhash(out ReadOnlySpan<byte> userhash) == StunAttributeStatus.Present && userhash.SequenceEqual(expected);
    }

    private bool HasOwnNonce(in StunMessage request, TransportAddress client, Instant now)
        => request.ReadNonce(out ReadOnlySpan<byte> nonce) == StunAttributeStatus.Present
            && NonceCookie.TryRead(nonce, out _)
            && _nonces.IsValid(nonce[NonceCookie.Size..], client, now);

    private LongTermServer Create(bool sha256) => new(
        _options.Realm,
        _keys,
        _nonces,
        sha256 ? [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5] : [],
        _options.OffersUsernameAnonymity);
}
