using System.Globalization;
using System.Linq;
using Stack.TestKit;

namespace Stack.IceBench;

/// <summary>One row of the table: a network, and whether everything must go through the relay.</summary>
internal sealed record IceCell(IceLabOptions Lab, bool RelayOnly)
{
    public string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"{Word(Lab.First)} - {Word(Lab.Second)}{(RelayOnly ? ", relay only" : "")}");

    public string Conditions => string.Create(
        CultureInfo.InvariantCulture,
        $"{Lab.RoundTrip.TotalMilliseconds:0} ms, {Lab.LossPercent} %");

    public IceDuel Duel(IceProgram first, IceProgram second, IceLab lab)
    {
        string[] more = RelayOnly ? ["--relay-only"] : [];
        bool blocked = Lab.First == NatKind.UdpBlocked || Lab.Second == NatKind.UdpBlocked;
        var arguments = lab.ServerArguments(blocked ? ["turn/tcp"] : []).Concat(more).ToArray();
        return new IceDuel { First = first, Second = second, FirstArguments = arguments, SecondArguments = arguments };
    }

    private static string Word(NatKind kind) => kind switch
    {
        NatKind.Open => "open",
        NatKind.FullCone => "full cone",
        NatKind.AddressRestricted => "address-restricted",
        NatKind.PortRestricted => "port-restricted",
        NatKind.Symmetric => "symmetric",
        NatKind.UdpBlocked => "UDP blocked",
        _ => kind.ToString(),
    };
}
