namespace Stack.Signaling;

/// <summary>What sessions and peers may be called.</summary>
internal static class SessionNames
{
    private const int MaxSession = 128;
    private const int MaxName = 64;

    public static bool IsSession(string text) => text.Length is > 0 and <= MaxSession && IsText(text);

    /// <summary>What people see: may be empty.</summary>
    public static bool IsName(string text) => text.Length <= MaxName && IsText(text);

    /// <summary>By what a peer is addressed.</summary>
    public static bool IsHandle(string text) => text.Length > 0 && IsName(text);

    private static bool IsText(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !(char.IsSurrogatePair(text, i) || (i > 0 && char.IsSurrogatePair(text, i - 1)))))
            {
                return false;
            }
        }

        return true;
    }
}
