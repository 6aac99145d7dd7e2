using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Stack.IceBench;
using Stack.TestKit;

// Time to connected in the NAT lab, programs in turn so that a slow minute slows all; bench/README.md.
IceBenchArguments arguments;
try
{
    arguments = new IceBenchArguments(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(IceBenchArguments.Usage);
    return 2;
}

using TemporaryFolder folder = new();
Dictionary<string, IceProgram> programs = new(StringComparer.Ordinal);
foreach (string name in arguments.Programs.SelectMany(static text => text.Split(':')).Distinct(StringComparer.Ordinal))
{
    programs[name] = await ProgramAsync(name);
}

List<IcePairing> pairings = arguments.Programs
    .Select(static text => text.Split(':'))
    .Select(names => new IcePairing(programs[names[0]], programs[names[^1]]))
    .ToList();
IceTable table = new(pairings);
bool good = true;
foreach (IceCell cell in arguments.Cells)
{
    await RunAsync(cell);
}

table.Write(Console.Out);
if (arguments.Output is string path)
{
    await using StreamWriter file = new(path);
    table.Write(file);
}

return good ? 0 : 1;

async Task<IceProgram> ProgramAsync(string name)
{
    switch (name)
    {
        case "ours":
            return IceProgram.Stack(arguments.StackCli);
        case "aioice":
            return IceProgram.Aioice;
        default:
            string output = folder.File("pion-ice");
            await GoProgram.BuildAsync(RepositoryFiles.PathOf("tests", "Interop.Tests", "pion", "ice"), folder, output);
            return IceProgram.Pion(output);
    }
}

async Task RunAsync(IceCell cell)
{
    await using IceLab lab = await IceLab.CreateAsync(cell.Lab);
    Dictionary<IcePairing, List<IceOutcome>> outcomes = pairings.ToDictionary(static pairing => pairing, static _ => new List<IceOutcome>());
    for (int round = 0; round < arguments.Rounds; round++)
    {
        foreach (IcePairing pairing in pairings)
        {
            IceOutcome outcome = await cell.Duel(pairing.First, pairing.Second, lab).RunAsync(lab);
            outcomes[pairing].Add(outcome);
            good &= outcome.Connected;
            await Console.Error.WriteLineAsync($"{cell.Name}, {cell.Conditions}: {pairing} {outcome.Summary}");
            if (arguments.IsVerbose && !outcome.Connected)
            {
                await Console.Error.WriteLineAsync(outcome.ToString());
            }
        }
    }

    table.Add(cell, outcomes, lab.IsDirectPossible && !cell.RelayOnly);
}
