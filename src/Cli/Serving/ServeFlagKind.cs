namespace Stack.Cli;

/// <summary>What a flag of <c>serve</c> takes.</summary>
internal enum ServeFlagKind : byte
{
    /// <summary>One text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Any number of texts.</summary>
    List,

    /// <summary>Nothing, or true or false.</summary>
    Flag,

    /// <summary>Any number of NAME=NUMBER.</summary>
    Limit,
}
