using Stack.Simulation;

namespace Stack.Fuzz.Sessions;

/// <summary>An interface of an agent's host, and what lies between it and the internet.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Nat">The NAT next to the host; unused without one.</param>
/// <param name="Outer">The NAT behind it, of a double NAT.</param>
/// <param name="ExternalAddresses">How many external addresses the NAT has.</param>
public sealed record Access(AccessKind Kind, NatOptions Nat, NatOptions Outer, int ExternalAddresses)
{
    /// <summary>Whether the interface has an IPv6 address.</summary>
    public bool Is6 => Kind is AccessKind.Open6 or AccessKind.Firewalled6 or AccessKind.Nat64;

    /// <summary>Whether there is a NAT.</summary>
    public bool IsNatted => Kind is AccessKind.Nat or AccessKind.DoubleNat or AccessKind.UdpBlocked or AccessKind.Nat64;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        AccessKind.Nat or AccessKind.UdpBlocked or AccessKind.Nat64 => $"{Kind}({Describe(Nat)}{(ExternalAddresses > 1 ? " x" + ExternalAddresses : "")})",
        AccessKind.DoubleNat => $"{Kind}({Describe(Nat)}; {Describe(Outer)})",
        _ => Kind.ToString(),
    };

    private static string Describe(NatOptions nat)
        => $"map {nat.Mapping}, filter {nat.Filtering}, {nat.Ports} ports, hairpin {nat.Hairpinning}{(nat.PairsAddresses ? "" : ", unpaired")}";
}
