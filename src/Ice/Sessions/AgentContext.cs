using System.Collections.Generic;
using System.Security.Cryptography;

namespace Stack.Ice;

/// <summary>What the sessions of one agent share: they follow each other by restarts.</summary>
internal sealed class AgentContext(IceAgentOptions options, RandomNumberGenerator random)
{
    public IceAgentOptions Options { get; } = options;

    public RandomNumberGenerator Random { get; } = random;

    public IceStrategy Strategy => Options.Strategy;

    public IceLimits Limits => Options.Limits;

    public RoleConflict Roles { get; } = new(options.Role, random);

    public CheckBudget Budget { get; } = new(options.Pacer ?? new CheckPacer(), options.Strategy.Credit);

    public Dictionary<int, LocalBase> Bases { get; } = [];

    public Queue<IceEvent> Events { get; } = new();

    /// <summary>Bytes sent to addresses that have never answered.</summary>
    public long UnvalidatedBytes { get; set; }

    public IceFailureReason Failure { get; set; }
}
