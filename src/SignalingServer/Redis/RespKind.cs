namespace Stack.Signaling.Server;

/// <summary>The kinds of values that a store answers with, as far as they differ to us.</summary>
internal enum RespKind : byte
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>A text or bytes.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>An error; its text says which.</summary>
    Error,

    /// <summary>An array, set or map, the keys and values of a map in turn.</summary>
    Array,

    /// <summary>Something that nobody asked for: a message of a channel.</summary>
    Push,
}
