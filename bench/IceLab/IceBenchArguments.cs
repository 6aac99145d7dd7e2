using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stack.TestKit;

namespace Stack.IceBench;

/// <summary>What the command line asks for.</summary>
internal sealed class IceBenchArguments
{
    public const string Usage = """
        stack-ice-bench [--programs LIST] [--stackcli PATH] [--rounds N] [--first KINDS] [--second KINDS] [--rtt LIST] [--loss P] [--relay-only]
                        [--output FILE] [--verbose]
          LIST   of ours, pion, aioice, or two of them with a colon (pion:aioice: pion controls), by commas; default ours,pion,aioice
          KINDS  of Open, FullCone, AddressRestricted, PortRestricted, Symmetric, UdpBlocked, by commas; default the first five
          --rtt  round trips between the clients in milliseconds, by commas; default 0
        """;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public IceBenchArguments(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            _values[name] = name switch
            {
                "--relay-only" or "--verbose" => "",
                "--programs" or "--stackcli" or "--rounds" or "--first" or "--second" or "--rtt" or "--loss" or "--output" when i + 1 < arguments.Length
                    => arguments[++i],
                _ => throw new FormatException($"unknown argument or no value: {name}"),
            };
        }
    }

    public IReadOnlyList<string> Programs => Text("--programs", "ours,pion,aioice").Split(',');

    public string StackCli => Text("--stackcli", RepositoryFiles.PathOf("src", "Cli", "bin", "Release", "net10.0", "stackcli.dll"));

    public int Rounds => int.Parse(Text("--rounds", "5"), NumberStyles.None, CultureInfo.InvariantCulture);

    public string? Output => _values.GetValueOrDefault("--output");

    public bool IsVerbose => _values.ContainsKey("--verbose");

    public IEnumerable<IceCell> Cells =>
        from rtt in Text("--rtt", "0").Split(',')
        from first in Kinds("--first")
        from second in Kinds("--second")
        select new IceCell(
            new IceLabOptions
            {
                First = first,
                Second = second,
                RoundTrip = TimeSpan.FromMilliseconds(double.Parse(rtt, CultureInfo.InvariantCulture)),
                LossPercent = int.Parse(Text("--loss", "0"), NumberStyles.None, CultureInfo.InvariantCulture),
            },
            _values.ContainsKey("--relay-only"));

    private IEnumerable<NatKind> Kinds(string name) =>
        Text(name, "Open,FullCone,AddressRestricted,PortRestricted,Symmetric").Split(',').Select(Enum.Parse<NatKind>);

    private string Text(string name, string fallback) => _values.GetValueOrDefault(name, fallback);
}
