using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Ice.Tests;

/// <summary>What a scripted check looks like; the defaults make a proper one.</summary>
internal sealed record CheckForm
{
    public const uint UsualPriority = 0x6E7FFEFF;

    public static readonly CheckForm Usual = new();

    public static readonly CheckForm Nominating = new() { UseCandidate = true, Role = IceRole.Controlling };

    public bool HasUsername { get; init; } = true;

    /// <summary>Null for the right one.</summary>
    public string? Username { get; init; }

    public bool HasIntegrity { get; init; } = true;

    /// <summary>Null for the right one.</summary>
    public string? Password { get; init; }

    public uint? Priority { get; init; } = UsualPriority;

    public bool HasRole { get; init; } = true;

    /// <summary>Null for the other one than the agent's.</summary>
    public IceRole? Role { get; init; }

    public ulong TieBreaker { get; init; } = 1;

    public bool UseCandidate { get; init; }

    public bool HasFingerprint { get; init; } = true;

    public IReadOnlyList<(StunAttributeType Type, byte[] Value)> Extra { get; init; } = [];
}
