using System.Runtime.InteropServices;

namespace Stack.Fuzz.Reference;

/// <summary>One password algorithm and where its parameters stand.</summary>
/// <param name="Number">The 16-bit algorithm number.</param>
/// <param name="Parameters">The parameters without padding.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReferencePasswordAlgorithm(int Number, ReferenceAttribute Parameters);
