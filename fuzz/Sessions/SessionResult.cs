using System;

namespace Stack.Fuzz.Sessions;

/// <summary>What came of a random session.</summary>
/// <param name="Plan">The session.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Violation">The property that does not hold; null where all do.</param>
/// <param name="VirtualTime">How long it took in virtual time.</param>
/// <param name="Messages">The messages of both agents.</param>
/// <param name="DataSent">The datagrams of the application.</param>
/// <param name="Restarts">The restarts that were asked for.</param>
/// <param name="Steps">The events of the simulation.</param>
/// <param name="Trace">The packets; null where they were not recorded.</param>
public sealed record SessionResult(
    SessionPlan Plan, SessionOutcome Outcome, string? Violation, TimeSpan VirtualTime, long Messages, long DataSent, int Restarts, long Steps, string? Trace);
