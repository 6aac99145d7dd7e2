namespace Stack.Transport;

/// <summary>What stood on the wire where a name was due.</summary>
internal enum DnsNameStatus
{
    /// <summary>The root, or labels of letters, digits, hyphens and underscores.</summary>
    HostName,

    /// <summary>A well-formed name with other octets in it: to be skipped, never to be shown or used.</summary>
    Unusable,

    /// <summary>No name: it runs past the end, is too long, or its pointers do not go strictly backwards.</summary>
    Malformed,
}
