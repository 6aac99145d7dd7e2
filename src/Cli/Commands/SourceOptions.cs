using System.CommandLine;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>Where several sources are.</summary>
internal sealed class SourceOptions
{
    private readonly Option<int?> _sources = new("--sources") { Description = "Sockets that send in turn.", HelpName = "M" };
    private readonly Option<bool> _spread = new("--spread") { Description = "Give each source an address of its own, from --local upwards; on loopback all are there." };

    public SourceOptions() => _sources.CustomParser = WholeNumber.Between(1, 50_000);

    public void AddTo(Command command)
    {
        command.Add(_sources);
        command.Add(_spread);
    }

    public int ReadCount(ParseResult parsed, int byDefault) => parsed.GetValue(_sources) ?? byDefault;

    public SourceAddresses Read(ParseResult parsed, LoadTarget target, int byDefault)
    {
        int count = ReadCount(parsed, byDefault);
        bool spread = parsed.GetValue(_spread);
        TransportAddress first = TransportAddress.FromIPAddress(target.Local, 0);
        TransportAddress last = TransportAddress.FromIPAddress(new SourceAddresses(target.Local, count, spread)[count - 1], 0);
        return first.IsLoopback == last.IsLoopback && last.Bits >= first.Bits && last.Family == first.Family
            ? new SourceAddresses(target.Local, count, spread)
            : throw CommandException.Usage($"From {target.Local} on there are no {count} addresses.", "Begin lower: --local 127.1.0.1, for instance.");
    }
}
