using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A call that the server made to the operating system, and what that said: 0 opened, 1 in use, 2 exhausted, 3 unavailable.</summary>
internal readonly record struct SocketCall(SocketCallKind Kind, long Id, int Protocol, ReferenceAddress Address, int Status);
