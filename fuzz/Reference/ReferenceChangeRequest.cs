using System.Runtime.InteropServices;

namespace Stack.Fuzz.Reference;

/// <summary>The two flags of CHANGE-REQUEST.</summary>
/// <param name="ChangeIp">Answer from the other IP address.</param>
/// <param name="ChangePort">Answer from the other port.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReferenceChangeRequest(bool ChangeIp, bool ChangePort);
