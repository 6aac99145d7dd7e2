using System;

namespace Stack.Cli;

/// <summary>What <c>stackcli ice --session</c> is asked for beside the session itself.</summary>
/// <param name="Dialect">The dialect as it was written.</param>
/// <param name="Count">How many peers are to be connected and probed; null for going on until the end.</param>
/// <param name="Time">When it ends at the latest; null for never.</param>
internal sealed record SessionRequest(string Dialect, int? Count, TimeSpan? Time);
