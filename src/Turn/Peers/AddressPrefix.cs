using System;
using System.Diagnostics.CodeAnalysis;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>A network in CIDR notation: the addresses of one family that share their first bits.</summary>
public readonly record struct AddressPrefix
{
}
