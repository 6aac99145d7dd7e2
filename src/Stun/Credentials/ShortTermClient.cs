using System;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The short-term credential mechanism from the client's side (RFC 8489 section 9.1): sends both integrity attributes until the server has
/// shown which one it answers with. One instance serves one server address. Not safe for concurrent use; dispose it.
/// </summary>
public sealed class ShortTermClient : IClientCredential, IDisposable
{
    private readonly byte[] _username;
    private readonly IntegrityKey _key;
    private IntegrityAlgorithm _algorithm;

    /// <summary>Starts with a credential.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="algorithm">
    /// The algorithm that both sides are known to support; <see cref="IntegrityAlgorithm.None"/> to find out by sending both.
    /// </param>
    public ShortTermClient(ShortTermCredential credential, IntegrityAlgorithm algorithm = IntegrityAlgorithm.None)
    {
        ArgumentNullException.ThrowIfNull(credential);
        _username = Encoding.UTF8.GetBytes(credential.Username);
        _key = credential.CreateKey();
        _algorithm = algorithm;
    }

    /// <inheritdoc/>
    public void AddTo(ref StunMessageWriter writer)
    {
        writer.AddUsername(_username);
        if (_algorithm is IntegrityAlgorithm.None or IntegrityAlgorithm.Sha1)
        {
            writer.AddMessageIntegrity(_key);
        }

        if (_algorithm is IntegrityAlgorithm.None or IntegrityAlgorithm.Sha256)
        {
            writer.AddMessageIntegritySha256(_key);
        }
    }

    /// <inheritdoc/>
    public ResponseVerdict Judge(scoped in StunMessage response)
    {
        if (!VerifiedStunMessage.TryVerify(response, _key, out VerifiedStunMessage verified))
        {
            return ResponseVerdict.IntegrityViolated;
        }

        if (_algorithm != IntegrityAlgorithm.None && verified.Algorithm != _algorithm)
        {
            return ResponseVerdict.Ignore;
        }

        // RFC 8489 section 9.1.5: later requests carry only the attribute that the server answered with.
        _algorithm = verified.Algorithm;
        return ResponseVerdict.Accept;
    }

    /// <summary>There are no challenges in this mechanism.</summary>
    /// <param name="response">An error response.</param>
    public ChallengeDecision HandleError(scoped in StunMessage response) => ChallengeDecision.NotAChallenge;

    /// <summary>Erases the key.</summary>
    public void Dispose() => _key.Dispose();
}
