using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Stack.TestKit;

/// <summary>What one program of an <see cref="IceDuel"/> printed, read.</summary>
public sealed class IceSide
{
    private readonly IReadOnlyList<JsonElement> _objects;

    internal IceSide(ProcessResult run)
    {
        Run = run;
        _objects = run.OutputLines.Where(static line => line.StartsWith('{')).Select(Parse).OfType<JsonElement>().ToList();
    }

    /// <summary>The run itself.</summary>
    public ProcessResult Run { get; }

    /// <summary>Whether it says that it connected, got all its probes back and ended well.</summary>
    public bool Succeeded => Run.ExitCode == 0 && Event("connected") is not null;

    /// <summary>The candidate lines of its description.</summary>
    public IReadOnlyList<string> Candidates => _objects
        .Where(static item => item.TryGetProperty("candidates", out _))
        .SelectMany(static item => item.GetProperty("candidates").EnumerateArray())
        .Select(static line => line.GetString()!)
        .ToList();

    /// <summary>How long gathering took, in milliseconds; null unless connected.</summary>
    public double? GatherMs => Event("connected")?.GetProperty("gatherMs").GetDouble();

    /// <summary>The time from both descriptions to connected, in milliseconds; null unless connected.</summary>
    public double? ConnectMs => Event("connected")?.GetProperty("connectMs").GetDouble();

    /// <summary>The type of the local candidate of the best pair it named: host, srflx, prflx or relay.</summary>
    public string? Local => Best?.GetProperty("local").GetString();

    /// <summary>The type of the remote candidate of the best pair it named.</summary>
    public string? Remote => Best?.GetProperty("remote").GetString();

    /// <summary>The bytes of the probes that came in.</summary>
    public long ReceivedBytes => Events("received").Sum(static item => item.GetProperty("bytes").GetInt64());

    /// <summary>The median round trip of its probes, in milliseconds; null when not all came back.</summary>
    public double? ProbeRttMs => Event("stats")?.GetProperty("rttMs").GetProperty("median").GetDouble();

    /// <summary>Why it failed, in its own words; null when it did not say.</summary>
    public string? Reason => Event("failed")?.GetProperty("reason").ToString();

    // "connected" names the pair that came first; each "selected" names a better one.
    private JsonElement? Best => Event("selected") is { } selected && selected.TryGetProperty("local", out _) ? selected : Event("connected");

    private JsonElement? Event(string name) => Events(name).Select(static item => (JsonElement?)item).LastOrDefault();

    private IEnumerable<JsonElement> Events(string name) => _objects.Where(item =>
        item.TryGetProperty("event", out JsonElement value) && value.ValueEquals(name));

    private static JsonElement? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
