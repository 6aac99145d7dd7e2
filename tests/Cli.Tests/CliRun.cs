using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Cli.Tests;

/// <summary>One run of the tool inside the test's process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<JsonElement> Objects
        => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public JsonElement Object => Objects.Single();

    public string All => Output + Error;

    public static Task<CliRun> RunAsync(params string[] arguments) => RunAsync(new ConsoleEnvironment(), [], arguments);

    /// <summary>A run that is answered at once: in slow time, in which a machine that stands still for a while costs it no answer.</summary>
    public static Task<CliRun> AnsweredAsync(params string[] arguments)
        => RunAsync(new ConsoleEnvironment { TimeProvider = new SlowTimeProvider(20) }, [], arguments);

    public static async Task<CliRun> RunAsync(
        ConsoleEnvironment environment,
        byte[] input,
        string[] arguments,
        CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var stdin = new MemoryStream(input);
        int exit = await StackCli.RunAsync(arguments, output, error, stdin, environment, cancellationToken);
        return new CliRun(exit, output.ToString(), error.ToString());
    }

    public static ConsoleEnvironment WithVariables(params (string Name, string Value)[] variables) => new()
    {
        GetVariable = name => variables.FirstOrDefault(variable => variable.Name == name).Value,
    };

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
