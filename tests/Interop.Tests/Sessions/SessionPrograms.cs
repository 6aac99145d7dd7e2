using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary>Who takes part in sessions: <c>stackcli ice --session</c>, and the programs in npm, which speak the dialects as their own software does.</summary>
internal static class SessionPrograms
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "stackcli.dll");

    /// <summary>Joins a session with ours.</summary>
    public static LabProcess Join(LabHost host, SessionServer server, string word, params string[] more)
        => host.Start("dotnet", [Program, "ice", "--json", "--session", word, "--signal", server.Url, .. more]);

    /// <summary>A client of libdatachannel's example in an id space of its own; <paramref name="callee"/> is called.</summary>
    public static LabProcess LibDataChannel(LabHost host, SessionServer server, string path, string id, params string[] callee)
        => Node(host, "libdatachannel.mjs", [server.Socket(path), id, .. callee]);

    /// <summary>A VILLASnode, which ends after a message in both directions unless it is told to <c>stay</c>.</summary>
    public static LabProcess Villas(LabHost host, SessionServer server, string word, string name, params string[] stay)
        => Node(host, "villas.mjs", [server.Socket("/villas"), word, name, .. stay]);

    /// <summary>PeerJS; <paramref name="callee"/> is called.</summary>
    public static LabProcess PeerJs(LabHost host, SessionServer server, string key, string id, params string[] callee)
        => Node(host, "peerjs.mjs", [server.EndPoint.Address.ToString(), $"{server.EndPoint.Port}", "/", key, id, .. callee]);

    /// <summary>Two pages of the lecture.</summary>
    public static LabProcess Lecture(LabHost host, SessionServer server, string path) => Node(host, "lecture.mjs", server.Socket(path));

    /// <summary>The server's page in Chromium.</summary>
    public static LabProcess Page(LabHost host, SessionServer server, string word, params string[] screenshot)
        => Node(host, "page.mjs", [server.Url, word, "120", .. screenshot]);

    /// <summary>Whether ICE of a program in npm has a path.</summary>
    public static bool IsConnected(JsonElement ice) => ice.Text("state") is "connected" or "completed";

    /// <summary>Whether a path of ours goes over a relay, by the last event that names one.</summary>
    public static bool IsRelayed(ProcessResult run) => new[] { "stats", "path", "connected" }
        .Select(name => run.Events(name).Where(static one => one.TryGetProperty("relayed", out _)).ToList())
        .First(static events => events.Count != 0)[^1].GetProperty("relayed").GetBoolean();

    private static LabProcess Node(LabHost host, string script, params string[] arguments)
        => host.Start("node", [RepositoryFiles.PathOf("tests", "Interop.Tests", "npm", script), .. arguments]);
}
