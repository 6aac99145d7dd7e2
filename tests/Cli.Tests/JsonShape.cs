using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary>What the contract says about keys and types.</summary>
internal static class JsonShape
{
    public static void HasCommonKeys(JsonElement json, string command)
    {
        Assert.Equal(1, json.GetProperty("schema").GetInt32());
        Assert.Equal(command, json.GetProperty("command").GetString());
        foreach (string key in AllKeys(json))
        {
            Assert.Matches("^[a-z][A-Za-z0-9]*$", key);
        }
    }

    public static void IsFailure(JsonElement json, string command, string code)
    {
        HasCommonKeys(json, command);
        JsonElement error = json.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.NotEqual("", error.GetProperty("hint").GetString());
    }

    public static void IsEndPoint(JsonElement json)
    {
        IPEndPoint parsed = IPEndPoint.Parse(json.GetString()!);
        Assert.Equal(parsed.ToString(), json.GetString());
        Assert.NotEqual(0, parsed.Port);
    }

    public static void IsMilliseconds(JsonElement json) => Assert.InRange(json.GetDouble(), 0, 60_000);

    public static void IsOneOf(JsonElement json, params string[] values) => Assert.Contains(json.GetString(), values);

    private static IEnumerable<string> AllKeys(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => AllKeys(property.Value).Prepend(property.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(AllKeys),
        _ => [],
    };
}
