using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>An address that relayed addresses are made of, as bound and as told; ports 0.</summary>
internal readonly record struct ModelRelayAddress(ReferenceAddress Local, ReferenceAddress Advertised);
