using System;
using System.Globalization;
using System.Linq;

namespace Stack.Fuzz.Sessions;

/// <summary>What came of many sessions. Not safe for several threads.</summary>
public sealed class SessionTally
{
    /// <summary>
    /// Up to which loss of a direction a class of sessions goes, and the share of them that may miss. Without loss those alone may that ask by the book,
    /// many pairs at once.
    /// </summary>
    private static readonly (double Loss, bool AsksSlowly, double MaxMissed)[] Classes
        = [(0, false, 0), (0, true, 0.002), (0.05, true, 0.02), (0.1, true, 0.03), (1, true, 0.15)];

    private readonly long[] _outcomes = new long[Enum.GetValues<SessionOutcome>().Length];
    private readonly long[] _sessions = new long[Classes.Length];
    private readonly long[] _missed = new long[Classes.Length];
    private TimeSpan _virtual;
    private long _messages;
    private long _data;
    private long _restarts;

    /// <summary>How many sessions there were.</summary>
    public long Sessions { get; private set; }

    /// <summary>How many of them broke a property.</summary>
    public long Violations { get; private set; }

    /// <summary>How many had an outcome.</summary>
    public long this[SessionOutcome outcome] => _outcomes[(int)outcome];

    /// <summary>Counts a session.</summary>
    public void Add(SessionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Sessions++;
        Violations += result.Violation is null ? 0 : 1;
        _outcomes[(int)result.Outcome]++;
        int index = Array.FindIndex(Classes, one => result.Plan.Loss <= one.Loss && (one.AsksSlowly || !result.Plan.AsksSlowly));
        _sessions[index]++;
        _missed[index] += result.Outcome == SessionOutcome.Missed ? 1 : 0;
        _virtual += result.VirtualTime;
        _messages += result.Messages;
        _data += result.DataSent;
        _restarts += result.Restarts;
    }

    /// <summary>Whether no more sessions missed than loss explains.</summary>
    /// <param name="rates">The shares by loss.</param>
    public bool IsPlausible(out string rates)
    {
        rates = string.Join(", ", Classes.Select((one, i) => string.Create(
            CultureInfo.InvariantCulture, $"loss up to {one.Loss:P0}{(one is { Loss: 0, AsksSlowly: true } ? " asking slowly" : "")}: {_missed[i]} of {_sessions[i]} missed")));
        return !Classes.Where((one, i) => _sessions[i] >= 100 && _missed[i] > one.MaxMissed * _sessions[i]).Any();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sessions} sessions ({string.Join(", ", Enum.GetValues<SessionOutcome>().Select(one => string.Create(CultureInfo.InvariantCulture, $"{one} {this[one]}")))}), {_virtual.TotalHours:F0} h of virtual time, {_messages} messages, {_data} datagrams, {_restarts} restarts, {Violations} violations");
}
