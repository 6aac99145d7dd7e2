namespace Stack.Transport;

/// <summary>What a received message is to the query it should answer.</summary>
internal enum DnsDecodeStatus
{
    /// <summary>The response to the query, complete and well-formed.</summary>
    Response,

    /// <summary>The response to the query, cut by the server (TC): to be asked for again over TCP.</summary>
    Truncated,

    /// <summary>Shorter than a header, or its question cannot be read.</summary>
    TooShort,

    /// <summary>A query, or not a standard query's response.</summary>
    NotAResponse,

    /// <summary>Another transaction's id: late, lost or forged.</summary>
    OtherId,

    /// <summary>The id is right and the question is not.</summary>
    OtherQuestion,

    /// <summary>The response promises more records than its length can hold.</summary>
    BadCounts,

    /// <summary>A name in the response is malformed.</summary>
    BadName,

    /// <summary>A record runs past the end, or its content contradicts its length.</summary>
    BadRecord,

    /// <summary>The aliases run in a circle or the chain is longer than any in use.</summary>
    AliasLoop,
}
