namespace Stack.Stun;

/// <summary>A credential mechanism from the client's side: what it adds to requests and what it says of responses (RFC 8489 section 9).</summary>
public interface IClientCredential
{
    /// <summary>Adds what the mechanism asks for; the integrity attribute is the last thing but FINGERPRINT.</summary>
    /// <param name="writer">A request with all its other attributes.</param>
    void AddTo(ref StunMessageWriter writer);

    /// <summary>Judges a response to a request that <see cref="AddTo"/> completed.</summary>
    /// <param name="response">The response.</param>
    ResponseVerdict Judge(scoped in StunMessage response);

    /// <summary>Decides whether an error response asks for another try with other credentials or a new nonce.</summary>
    /// <param name="response">An error response that was accepted.</param>
    ChallengeDecision HandleError(scoped in StunMessage response);
}
