using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Ice;

/// <summary>The role and the tie-breaker of an agent, and how conflicts are repaired (RFC 8445 sections 7.2.5.1 and 7.3.1.1).</summary>
internal sealed class RoleConflict
{
    private readonly RandomNumberGenerator _random;

    public RoleConflict(IceRole role, RandomNumberGenerator random)
    {
        Role = role;
        _random = random;
        DrawTieBreaker();
    }

    public IceRole Role { get; private set; }

    public ulong TieBreaker { get; private set; }

    public int Switches { get; private set; }

    public bool IsControlling => Role == IceRole.Controlling;

    /// <summary>Compares the role that a request claims, and its tie-breaker, with ours.</summary>
    public RoleVerdict Judge(IceRole theirs, ulong tieBreaker)
    {
        if (theirs != Role)
        {
            return RoleVerdict.NoConflict;
        }

        bool winning = TieBreaker >= tieBreaker;
        return winning == IsControlling ? RoleVerdict.Refuse : RoleVerdict.Switch;
    }

    /// <summary>Takes the other role.</summary>
    /// <param name="refused">Whether a 487 asked for it, which takes a new tie-breaker.</param>
    public void Switch(bool refused)
    {
        Role = IsControlling ? IceRole.Controlled : IceRole.Controlling;
        Switches++;
        if (refused)
        {
            DrawTieBreaker();
        }
    }

    /// <summary>Takes a role that the exchange of parameters has settled (RFC 8445 section 6.1.1).</summary>
    public void Settle(IceRole role) => Role = role;

    /// <summary>A restart begins a new count.</summary>
    public void Forgive() => Switches = 0;

    private void DrawTieBreaker()
    {
        Span<byte> bytes = stackalloc byte[8];
        _random.GetBytes(bytes);
        TieBreaker = BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
