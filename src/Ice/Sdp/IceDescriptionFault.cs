namespace Stack.Ice;

/// <summary>Where reading a description ended, and why.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Position">The character of the text, counted from 0.</param>
public readonly record struct IceDescriptionFault(int Line, int Position);
