namespace Stack.Stun;

/// <summary>What a credential mechanism says of a request.</summary>
public enum RequestVerdict : byte
{
    /// <summary>The request is authenticated.</summary>
    Accepted,

    /// <summary>400: attributes of the mechanism are missing or contradict each other.</summary>
    BadRequest,

    /// <summary>401: there is no integrity attribute, the user is unknown, or the attribute is wrong.</summary>
    Unauthenticated,

    /// <summary>438: all is right but the nonce has expired.</summary>
    StaleNonce,
}
