using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>A 5-tuple.</summary>
internal readonly record struct ModelTuple(ReferenceAddress Client, ReferenceAddress Server, ModelTransport Transport)
{
    public bool IsStream => Transport != ModelTransport.Udp;
}
