namespace Stack.Turn;

/// <summary>How the password of an expiring credential is made from the shared secret.</summary>
public enum ExpiringPasswordHash : byte
{
    /// <summary>HMAC-SHA1: what coturn, pion and most services with a "TURN REST API" use.</summary>
    Sha1,

    /// <summary>HMAC-SHA256: a longer password of the same form.</summary>
    Sha256,
}
