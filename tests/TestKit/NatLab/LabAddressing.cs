using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Stack.TestKit;

/// <summary>The numbering plan of the NAT lab: documentation prefixes only (RFC 5737, RFC 3849) and one private LAN per box.</summary>
internal sealed class LabAddressing(int box, NatKind kind, int publicAddresses, bool sharedLan = false)
{
    // Nobody answers for these two: datagrams sent there are dropped in silence, as on the real network.
    public const string Router4 = "203.0.113.254";
    public const string Router6 = "2001:db8:113::fe";

    private readonly int _lan = sharedLan ? 1 : box;

    public bool Translates { get; } = kind is not (NatKind.Open or NatKind.SymmetricFirewall);

    public string Client4 => Translates ? $"192.168.{_lan}.2" : $"198.51.100.{(box * 64) + 2}";

    public string Gateway4 => Translates ? $"192.168.{_lan}.1" : $"198.51.100.{(box * 64) + 1}";

    public int Prefix4 => Translates ? 24 : 26;

    public string Lan4 => Translates ? $"192.168.{_lan}.0/24" : $"198.51.100.{box * 64}/26";

    public string Client6 => $"2001:db8:{box}::2";

    public string Gateway6 => $"2001:db8:{box}::1";

    public string Lan6 => $"2001:db8:{box}::/64";

    public string Public6 => $"2001:db8:113::{box}";

    public IReadOnlyList<string> Public4 { get; } = Enumerable
        .Range(0, kind == NatKind.AddressDependentMapping && publicAddresses < 2 ? 2 : publicAddresses)
        .Select(index => index == 0 ? $"203.0.113.{box}" : $"203.0.113.{(100 * box) + index}")
        .ToList();

    public static IReadOnlyList<string> Server4(int count) => Enumerable.Range(10, count).Select(n => $"203.0.113.{n}").ToList();

    public static IReadOnlyList<string> Server6(int count) => Enumerable.Range(10, count).Select(n => $"2001:db8:113::{n}").ToList();

    public static IReadOnlyList<IPAddress> Parse(params IEnumerable<string> addresses) => addresses.Select(IPAddress.Parse).ToList();
}
