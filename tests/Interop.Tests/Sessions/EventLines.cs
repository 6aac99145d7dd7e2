using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>Programs that print one JSON object a line, each with an <c>event</c>: ours and those in npm.</summary>
internal static class EventLines
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    /// <summary>Waits for an event, printed before or after this call.</summary>
    /// <returns>The first one that is meant.</returns>
    public static async Task<JsonElement> EventAsync(this LabProcess program, string name, Func<JsonElement, bool>? isMeant = null)
    {
        string line = await program.WaitForLineAsync(text => Read(text, name) is { } found && isMeant?.Invoke(found) != false, $"event '{name}' as it is meant", Patience);
        return Read(line, name)!.Value;
    }

    /// <summary>Waits until the program has ended by itself.</summary>
    public static Task<ProcessResult> EndAsync(this LabProcess program) => program.WaitForExitAsync(Patience);

    /// <summary>All events of a name so far.</summary>
    public static IReadOnlyList<JsonElement> Events(this LabProcess program, string name) => Read(program.OutputLines, name);

    /// <summary>All events of a name.</summary>
    public static IReadOnlyList<JsonElement> Events(this ProcessResult run, string name) => Read(run.OutputLines, name);

    /// <summary>A member's text.</summary>
    public static string? Text(this JsonElement happened, string member)
        => happened.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The number of the peer that an event of ours is about.</summary>
    public static int Id(this JsonElement happened) => happened.GetProperty("id").GetInt32();

    /// <summary>The type of the first event about somebody whose type begins so.</summary>
    public static string? FirstOf(this IReadOnlyList<JsonElement> events, string name, string prefix)
        => events.Where(one => one.Text("name") == name).Select(static one => one.Text("type")).FirstOrDefault(type => type?.StartsWith(prefix, StringComparison.Ordinal) == true);

    private static List<JsonElement> Read(IReadOnlyList<string> lines, string name)
        => [.. lines.Select(line => Read(line, name)).OfType<JsonElement>()];

    private static JsonElement? Read(string line, string name)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Text("event") == name ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
