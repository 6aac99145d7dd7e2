using System.Runtime.InteropServices;

namespace Stack.Fuzz.Reference;

/// <summary>ERROR-CODE: the number and where its reason phrase stands.</summary>
/// <param name="Code">300 to 699.</param>
/// <param name="Reason">The reason phrase's bytes, with any content.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReferenceErrorCode(int Code, ReferenceAttribute Reason);
