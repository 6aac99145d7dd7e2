using System.Runtime.InteropServices;

namespace Stack.Fuzz.Reference;

/// <summary>A typed attribute's outcome; <see cref="Value"/> means something only when it is present.</summary>
/// <param name="Presence">Absent, present or malformed.</param>
/// <param name="Value">The value read, or the default.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReferenceValue<T>(ReferencePresence Presence, T Value)
    where T : struct;
