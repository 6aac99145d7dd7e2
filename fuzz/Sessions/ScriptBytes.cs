namespace Stack.Fuzz.Sessions;

/// <summary>Reads a script byte by byte; behind its end there is nothing but zeros.</summary>
internal sealed class ScriptBytes(byte[] script)
{
    private int _at;

    public bool IsAtEnd => _at >= script.Length;

    public int Next() => _at < script.Length ? script[_at++] : 0;
}
