namespace Stack.Turn;

/// <summary>Which relay ports will do (RFC 8656 section 7.2).</summary>
internal enum PortPick : byte
{
    Any,
    Even,
    EvenPair,
}
