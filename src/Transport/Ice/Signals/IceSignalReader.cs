using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>Reads signals within bounds: any text gives a signal or a problem.</summary>
internal static class IceSignalReader
{
    private const int MaxLength = 64 << 10;
    private const int MaxStreams = 16;
    private const int MaxPacing = 60_000;
    private const int MaxRefused = IceSessionDescription.MaxCandidates;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    public static bool TryRead(string json, [NotNullWhen(true)] out IceSignal? signal, [NotNullWhen(false)] out string? problem)
    {
        signal = null;
        if (json.Length > MaxLength || Encoding.UTF8.GetByteCount(json) > MaxLength)
        {
            problem = $"a signal has at most {MaxLength} bytes";
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json, Options);
            problem = document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, out signal)
                : "a signal is a JSON object";
        }
        catch (JsonException error)
        {
            problem = $"not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}";
        }
        catch (InvalidOperationException)
        {
            // What the reader says of a text with half a surrogate pair.
            problem = "a text is no valid Unicode";
        }

        return signal is not null && problem is null;
    }

    private static string? Read(JsonElement root, out IceSignal? signal)
    {
        signal = null;
        if (root.TryGetProperty("pwd", out _))
        {
            return ReadDescription(root, out signal);
        }

        if (!TryGetText(root, "candidate", out string? line))
        {
            return "neither credentials (\"ufrag\" and \"pwd\") nor a \"candidate\"";
        }

        string? fragment = TryGetText(root, "ufrag", out string? own) || TryGetText(root, "usernameFragment", out own) ? own : null;
        if (fragment is not null && !IceCredentials.IsValidFragment(fragment))
        {
            return "\"ufrag\" has 4 to 256 letters, digits, + and /";
        }

        if (line.Length == 0)
        {
            signal = IceSignal.EndOfCandidates(fragment);
            return null;
        }

        int stream = 0;
        if ((root.TryGetProperty("stream", out JsonElement number) || root.TryGetProperty("sdpMLineIndex", out number))
            && number.ValueKind != JsonValueKind.Null
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out stream) || stream is < 0 or >= MaxStreams))
        {
            return $"\"stream\" is 0 to {MaxStreams - 1}";
        }

        CandidateAttributeStatus status = CandidateAttribute.Parse(line, out Candidate? candidate, out int position);
        if (status != CandidateAttributeStatus.Ok)
        {
            return $"not a candidate: {status}, at position {position}";
        }

        signal = IceSignal.FromCandidate(candidate!, stream, fragment);
        return null;
    }

    private static string? ReadDescription(JsonElement root, out IceSignal? signal)
    {
        signal = null;
        if (!TryGetText(root, "ufrag", out string? fragment) || !IceCredentials.IsValidFragment(fragment))
        {
            return "\"ufrag\" has 4 to 256 letters, digits, + and /";
        }

        if (!TryGetText(root, "pwd", out string? password) || !IceCredentials.IsValidPassword(password))
        {
            return "\"pwd\" has 22 to 256 letters, digits, + and /";
        }

        HashSet<string> options = ReadOptions(root);
        TimeSpan? pacing = null;
        if (root.TryGetProperty("pacing", out JsonElement milliseconds))
        {
            if (milliseconds.ValueKind != JsonValueKind.Number || !milliseconds.TryGetInt32(out int value) || value is < 0 or > MaxPacing)
            {
                return $"\"pacing\" is 0 to {MaxPacing} ms";
            }

            pacing = TimeSpan.FromMilliseconds(value);
        }

        var parameters = new IceParameters
        {
            Credentials = new IceCredentials(fragment, password),
            IsLite = root.TryGetProperty("lite", out JsonElement lite) && lite.ValueKind == JsonValueKind.True,
            SupportsIce2 = options.Contains("ice2"),
            Trickles = options.Contains("trickle"),
            Pacing = pacing,
        };
        if (!root.TryGetProperty("candidates", out JsonElement candidates))
        {
            signal = IceSignal.FromParameters(parameters);
            return null;
        }

        if (candidates.ValueKind != JsonValueKind.Array)
        {
            return "\"candidates\" is an array";
        }

        var known = new List<IceSignaledCandidate>();
        var refused = new List<IceRefusedCandidate>();
        string? problem = ReadCandidates(candidates, 0, known, refused);
        signal = problem is null ? IceSignal.Describe(parameters, known, refused) : null;
        return problem;
    }

    private static string? ReadCandidates(JsonElement candidates, int stream, List<IceSignaledCandidate> known, List<IceRefusedCandidate> refused)
    {
        int nested = 0;
        int line = 0;
        foreach (JsonElement entry in candidates.EnumerateArray())
        {
            line++;
            if (entry.ValueKind == JsonValueKind.Array)
            {
                if (nested >= MaxStreams)
                {
                    return $"there are at most {MaxStreams} streams";
                }

                if (ReadCandidates(entry, nested++, known, refused) is { } problem)
                {
                    return problem;
                }

                continue;
            }

            if (entry.ValueKind != JsonValueKind.String)
            {
                return "a candidate is a text";
            }

            CandidateAttributeStatus status = CandidateAttribute.Parse(entry.GetString(), out Candidate? candidate, out int position);
            if (candidate is not null)
            {
                known.Add(new IceSignaledCandidate(stream, candidate));
            }
            else if (refused.Count < MaxRefused)
            {
                refused.Add(new IceRefusedCandidate(line, position, status));
            }
        }

        return null;
    }

    private static HashSet<string> ReadOptions(JsonElement root)
    {
        var options = new HashSet<string>();
        if (root.TryGetProperty("options", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement entry in list.EnumerateArray())
            {
                if (entry.ValueKind == JsonValueKind.String)
                {
                    options.Add(entry.GetString()!);
                }
            }
        }

        return options;
    }

    private static bool TryGetText(JsonElement root, string name, [NotNullWhen(true)] out string? text)
    {
        text = root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }
}
