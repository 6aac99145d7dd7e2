using Stack.TestKit;

namespace Stack.IceBench;

/// <summary>Who meets whom: the first controls.</summary>
internal sealed record IcePairing(IceProgram First, IceProgram Second)
{
    public bool IsOurs => First.Name == "ours" && Second.Name == "ours";

    public override string ToString() => First == Second ? First.Name : $"{First.Name} > {Second.Name}";
}
