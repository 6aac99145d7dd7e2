using System;

namespace Stack.TestKit;

/// <summary>What a <see cref="NatLab"/> is made of. Everything but the kinds applies to both boxes alike.</summary>
public sealed record NatLabOptions
{
    /// <summary>The most public addresses that a box can have.</summary>
    public const int MaximumPublicAddresses = 8;

    /// <summary>The kind of the first box.</summary>
    public NatKind First { get; init; } = NatKind.PortRestricted;

    /// <summary>The kind of the second box; null leaves it and its client out.</summary>
    public NatKind? Second { get; init; }

    /// <summary>How many of 100 UDP datagrams are lost on the public link of each box, in each direction, 0 to 100.</summary>
    public int LossPercent { get; init; }

    /// <summary>Whether a datagram from the LAN to a mapped public port comes back in, its source translated (RFC 4787 section
    /// 6).</summary>
    public bool Hairpinning { get; init; }

    /// <summary>Whether the public port is the internal one. False maps to ports 10000-15999, where no
    /// client binds by itself, endpoint-independent all the same.
    /// Not together with several <see cref="PublicAddresses"/>. <see cref="NatKind.Symmetric"/> never preserves ports,
    /// <see cref="NatKind.AddressDependentMapping"/> always does.</summary>
    public bool PreservePorts { get; init; } = true;

    /// <summary>How many public addresses each box has, 1 to 8. A socket keeps one, chosen by its internal port (modulo this number where
    /// it divides 8); <see cref="NatKind.Symmetric"/> takes the next one for each new destination.</summary>
    public int PublicAddresses { get; init; } = 1;

    /// <summary>How long a UDP binding and its filter live without an outgoing datagram, in whole seconds from 1.</summary>
    public TimeSpan UdpTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Which addresses the clients have; the server and the boxes always have both.</summary>
    public LabFamily Clients { get; init; } = LabFamily.Both;

    /// <summary>Whether both LANs have the same prefix and both clients the same private address, as homes have. A check to the other side's host
    /// candidate then arrives at the sender itself. Kinds that do not translate keep their public addresses.</summary>
    public bool OverlappingLans { get; init; }

    /// <summary>How long a frame is under way on the public link of each box, in each direction: a quarter of the round trip between the clients, half
    /// of the one between a client and the server. Zero is a plain virtual cable.</summary>
    public TimeSpan LinkDelay { get; init; }

    /// <summary>How much longer than <see cref="LinkDelay"/> a frame may be under way, evenly distributed. Frames overtake each other then.</summary>
    public TimeSpan LinkJitter { get; init; }

    /// <summary>How many addresses the server has in each family, 1 to 50, from 203.0.113.10 and 2001:db8:113::10 on.</summary>
    public int ServerAddresses { get; init; } = 2;

    internal bool Delayed => LinkDelay > TimeSpan.Zero || LinkJitter > TimeSpan.Zero;

    internal void Validate()
    {
        Require(LinkDelay >= TimeSpan.Zero && LinkDelay <= TimeSpan.FromSeconds(10), nameof(LinkDelay));
        Require(LinkJitter >= TimeSpan.Zero && LinkJitter <= TimeSpan.FromSeconds(10), nameof(LinkJitter));
        Require(LossPercent is >= 0 and <= 100, nameof(LossPercent));
        Require(PublicAddresses is >= 1 and <= MaximumPublicAddresses, nameof(PublicAddresses));
        Require(ServerAddresses is >= 1 and <= 50, nameof(ServerAddresses));
        Require(UdpTimeout >= TimeSpan.FromSeconds(1) && UdpTimeout.Ticks % TimeSpan.TicksPerSecond == 0, nameof(UdpTimeout));

        // nftables 1.0 has no map from a port to an address with a port range.
        Require(PublicAddresses == 1 || PreservePorts, nameof(PreservePorts));
    }

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name);
        }
    }
}
