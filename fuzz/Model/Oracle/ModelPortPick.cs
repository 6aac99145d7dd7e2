namespace Stack.Fuzz.Model;

/// <summary>What EVEN-PORT asks for.</summary>
internal enum ModelPortPick
{
    Any,
    Even,
    EvenPair,
}
