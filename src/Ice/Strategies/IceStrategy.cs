namespace Stack.Ice;

/// <summary>Which pair is checked next, when one is nominated, and which way data goes. Without state; safe to share.</summary>
public abstract class IceStrategy
{
    /// <summary>The fast one.</summary>
    public static IceStrategy Default => null!;

    /// <summary>Exactly by the book.</summary>
    public static IceStrategy Rfc8445 => null!;
}
