using System;

namespace Stack.Signaling;

/// <summary>The words that stand for the values of the neutral set in several dialects.</summary>
internal static class Words
{
    private static readonly string[] Types = ["offer", "answer", "pranswer", "rollback"];
    private static readonly string[] Dialects = ["own", "villas", "libdatachannel", "lecture", "peerjs"];
    private static readonly string[] Roles = ["none", "offer", "answer"];

    public static string Of(DescriptionType type) => Types[(int)type];

    public static string Of(SignalingDialect dialect) => Dialects[(int)dialect];

    public static string Of(PairRole role) => Roles[(int)role];

    public static bool TryDescriptionType(string word, out DescriptionType type)
    {
        int index = Array.IndexOf(Types, word);
        type = index < 0 ? default : (DescriptionType)index;
        return index >= 0;
    }

    public static SignalingDialect? Dialect(string word) => Array.IndexOf(Dialects, word) is >= 0 and int index ? (SignalingDialect)index : null;

    /// <summary>A role that is not known is none: whoever has it does nothing.</summary>
    public static PairRole Role(string word) => Array.IndexOf(Roles, word) is >= 0 and int index ? (PairRole)index : PairRole.None;
}
