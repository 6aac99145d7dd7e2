using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>Two ICE programs connected to each other: starts them, carries each one's description to the other, and reads what they say.</summary>
public sealed record IceDuel
{
    /// <summary>The program of the first client, controlling unless <see cref="FirstRole"/> says otherwise.</summary>
    public required IceProgram First { get; init; }

    /// <summary>The program of the second client, controlled unless <see cref="SecondRole"/> says otherwise.</summary>
    public required IceProgram Second { get; init; }

    /// <summary>The first program's role, <c>--controlling</c> or <c>--controlled</c>; both may have the same.</summary>
    public string FirstRole { get; init; } = "--controlling";

    /// <summary>The second program's role.</summary>
    public string SecondRole { get; init; } = "--controlled";

    /// <summary>The first program's further arguments; null is <see cref="IceLab.ServerArguments"/>.</summary>
    public IReadOnlyList<string>? FirstArguments { get; init; }

    /// <summary>The second program's further arguments; null is <see cref="IceLab.ServerArguments"/>.</summary>
    public IReadOnlyList<string>? SecondArguments { get; init; }

    /// <summary>What happens to the first program's description on its way to the second.</summary>
    public Func<string, string> FirstOnItsWay { get; init; } = static line => line;

    /// <summary>What happens to the second program's description on its way to the first.</summary>
    public Func<string, string> SecondOnItsWay { get; init; } = static line => line;

    /// <summary>How long connecting and probing may take by the programs' own clock.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    // Starting, gathering and ending; a gathering without answers takes the programs 5 s and more.
    private TimeSpan Patience => Timeout + TimeSpan.FromSeconds(90);

    /// <summary>What becomes of a description on its way when someone puts another password in.</summary>
    public static Func<string, string> WithPassword(string password) => line =>
    {
        JsonNode description = JsonNode.Parse(line)!;
        description["pwd"] = password;
        return description.ToJsonString();
    };

    /// <summary>Runs both to their ends. A program that fails is an outcome, not an exception.</summary>
    public async Task<IceOutcome> RunAsync(IceLab lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        await using LabProcess first = Start(lab, lab.First, First, FirstRole, FirstArguments);
        await using LabProcess second = Start(lab, lab.Second, Second, SecondRole, SecondArguments);
        string?[] descriptions = await Task.WhenAll(DescriptionAsync(first), DescriptionAsync(second));

        // Both at one moment: who gets the other's description late counts from there.
        bool complete = descriptions.All(static line => line is not null);
        Hand(second, complete ? FirstOnItsWay(descriptions[0]!) : null);
        Hand(first, complete ? SecondOnItsWay(descriptions[1]!) : null);
        ProcessResult[] results = await Task.WhenAll(first.WaitForExitAsync(Patience), second.WaitForExitAsync(Patience));
        return new IceOutcome(new IceSide(results[0]), new IceSide(results[1]));
    }

    private LabProcess Start(IceLab lab, LabHost host, IceProgram program, string role, IReadOnlyList<string>? arguments) => host.Start(
        program.File,
        [
            .. program.Arguments,
            role,
            "--timeout", Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            .. arguments ?? lab.ServerArguments(),
        ]);

    private async Task<string?> DescriptionAsync(LabProcess program)
    {
        try
        {
            return await program.WaitForLineAsync(static line => line.Contains("\"ufrag\"", StringComparison.Ordinal), "description", Patience);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // A program that has ended already takes nothing; its own output says why.
    private static void Hand(LabProcess program, string? description)
    {
        try
        {
            if (description is null)
            {
                program.Input.Close();
                return;
            }

            program.Input.WriteLine(description);
            program.Input.Flush();
        }
        catch (IOException)
        {
        }
    }
}
