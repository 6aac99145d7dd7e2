using System;
using System.Security.Cryptography;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What a loop is made of.</summary>
/// <param name="Options">What it serves.</param>
/// <param name="Resources">What it shares with the others.</param>
/// <param name="Credentials">Its users; null for none.</param>
/// <param name="Reserved">The reserved sockets, which it shares too.</param>
/// <param name="Clock">The clock of all loops.</param>
/// <param name="Random">Randomness.</param>
/// <param name="Journal">Whom to tell.</param>
/// <param name="Portable">Whether the system is used through the portable interfaces alone.</param>
/// <param name="AllocationEnded">Called when an allocation has ended.</param>
internal sealed record RelayShardSetup(
    TurnServerOptions Options,
    TurnServerResources Resources,
    ICredentialSource? Credentials,
    ReservedSockets Reserved,
    MonotonicClock Clock,
    RandomNumberGenerator Random,
    ServerJournal Journal,
    bool Portable,
    Action AllocationEnded);
