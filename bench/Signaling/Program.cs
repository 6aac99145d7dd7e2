using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Stack.SignalingBench;
using Stack.TestKit;

// What a silent client and a slow reader cost the others, and what a socket costs that does nothing; bench/README.md.
const string Usage = "stack-signaling-bench [--stackcli PATH] [--rounds N] [--meetings N] [--seconds N] [--sockets N] [--output FILE]";

Dictionary<string, string> values = new(StringComparer.Ordinal);
for (int i = 0; i + 1 < args.Length; i += 2)
{
    values[args[i]] = args[i + 1];
}

if (args.Length % 2 != 0 || !new HashSet<string>(["--stackcli", "--rounds", "--meetings", "--seconds", "--sockets", "--output"]).IsSupersetOf(values.Keys))
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

string program = values.GetValueOrDefault("--stackcli", RepositoryFiles.PathOf("src", "Cli", "bin", "Release", "net10.0", "stackcli.dll"));
int rounds = Number("--rounds", 5);
BenchReport report = new();
await using (BenchServer server = await BenchServer.StartAsync(program))
{
    SilentClients silent = new(server.EndPoint);
    SlowReader slow = new(server.EndPoint, TimeSpan.FromSeconds(Number("--seconds", 20)));

    // What is compiled at its first use is no cost of anybody.
    await silent.MeetAsync(Number("--meetings", 100) / 5, beside: true);
    for (int round = 0; round < rounds; round++)
    {
        // Who comes first changes, so that what drifts is on both sides.
        foreach (bool beside in round % 2 == 0 ? (bool[])[false, true] : [true, false])
        {
            report.AddMeetings(beside, await silent.MeetAsync(Number("--meetings", 100), beside));
            report.AddRoom(beside, await slow.RunAsync(beside));
            await Console.Error.WriteLineAsync($"round {round + 1}, {(beside ? "with" : "without")} a bad neighbour: done");
        }
    }
}

for (int round = 0; round < Math.Min(rounds, 3); round++)
{
    await using BenchServer server = await BenchServer.StartAsync(program);
    report.AddIdle(await IdleSockets.MeasureAsync(server, Number("--sockets", 5000)));
}

report.Write(Console.Out);
if (values.TryGetValue("--output", out string? path))
{
    await using StreamWriter file = new(path);
    report.Write(file);
}

return report.IsMet ? 0 : 1;

int Number(string name, int fallback)
    => values.TryGetValue(name, out string? text) ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : fallback;
