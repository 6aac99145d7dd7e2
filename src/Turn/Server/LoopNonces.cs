using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>The nonces of all loops, as one loop makes and knows them. Their secrets may change while the server runs.</summary>
internal sealed class LoopNonces(TurnServerResources resources) : INonceAuthority, IDisposable
{
    private readonly byte[] _lastNonce = new byte[NonceIssuer.Size];
    private NonceSecrets? _secrets;
    private NonceIssuer? _issuer;
    private TransportAddress _lastClient;
    private Instant _lastTime;
    private bool _lastIsKnown;
    private bool _lastIsValid;

    public int Issue(TransportAddress client, Instant now, Span<byte> destination) => GetIssuer().Issue(client, now, destination);

    // A request is asked about twice: by who counts failures, and by who judges it.
    public bool IsValid(ReadOnlySpan<byte> nonce, TransportAddress client, Instant now)
    {
        NonceIssuer issuer = GetIssuer();
        if (nonce.Length != NonceIssuer.Size)
        {
            return false;
        }

        if (!_lastIsKnown || _lastTime != now || _lastClient != client || !nonce.SequenceEqual(_lastNonce))
        {
            _lastIsValid = issuer.IsValid(nonce, client, now);
            nonce.CopyTo(_lastNonce);
            _lastClient = client;
            _lastTime = now;
            _lastIsKnown = true;
        }

        return _lastIsValid;
    }

    public void Dispose() => _issuer?.Dispose();

    private NonceIssuer GetIssuer()
    {
        NonceSecrets secrets = resources.NonceSecrets;
        if (_issuer is null || !ReferenceEquals(secrets, _secrets))
        {
            _issuer?.Dispose();
            _issuer = new NonceIssuer(secrets);
            _secrets = secrets;
            _lastIsKnown = false;
        }

        return _issuer;
    }
}
