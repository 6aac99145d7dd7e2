using System;
using System.Linq;
using System.Net;
using Stack.Stun;

namespace Stack.Turn.Tests;

internal static class PeerAddresses
{
    public static PeerAddress At(string address, int port) => At(IPAddress.Parse(address).GetAddressBytes(), port);

    public static PeerAddress At(byte[] octets, int port) => new(TransportAddress.FromIPAddress(new IPAddress(octets), (ushort)port));

    public static TransportAddress EndPoint(string text)
        => TransportAddress.TryParse(text, out TransportAddress address) ? address : throw new FormatException(text);

    public static TransportAddress Address(string text)
        => TransportAddress.TryParseAddress(text, 0, out TransportAddress address) ? address : throw new FormatException(text);

    public static AddressPrefix[] Networks(params string[] texts)
        => [.. texts.Select(text => AddressPrefix.TryParse(text, out AddressPrefix prefix) ? prefix : throw new FormatException(text))];

    public static byte[] Octets(UInt128 number, int size)
    {
        byte[] octets = new byte[size];
        for (int i = size - 1; i >= 0; i--)
        {
            octets[i] = (byte)(number & 0xFF);
            number >>= 8;
        }

        return octets;
    }

    public static PeerAddressPolicy Policy(ReferencePeerPolicy same) => new(new PeerAddressRules
    {
        Allow = Networks(same.Allow),
        Deny = Networks(same.Deny),
        AllowPorts = [.. same.AllowPorts.Select(range => new PortRange(range.First, range.Last))],
        OwnEndPoints = [.. same.OwnEndPoints.Select(TransportAddress.FromIPEndPoint)],
        LocalAddresses = [.. same.Local.Select(address => TransportAddress.FromIPAddress(address, 0))],
        RelayAddresses = [.. same.Relays.Select(address => TransportAddress.FromIPAddress(address, 7))],
        RelaysOnly = same.RelaysOnly,
    });
}
