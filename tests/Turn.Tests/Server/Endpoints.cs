using Stack.Stun;

namespace Stack.Turn.Tests;

/// <summary>Who talks to whom in the tests of the server.</summary>
internal static class Endpoints
{
    public static readonly TransportAddress Server = PeerAddresses.EndPoint("203.0.113.5:3478");
    public static readonly TransportAddress Server6 = PeerAddresses.EndPoint("[2001:db8::5]:3478");
    public static readonly TransportAddress Alice = PeerAddresses.EndPoint("198.51.100.7:40000");
    public static readonly TransportAddress Alice6 = PeerAddresses.EndPoint("[2001:db8:7::7]:40000");
    public static readonly TransportAddress Bob = PeerAddresses.EndPoint("198.51.100.8:40000");

    /// <summary>The addresses of the relays.</summary>
    public static readonly TransportAddress Relay = PeerAddresses.Address("203.0.113.1");
    public static readonly TransportAddress Relay6 = PeerAddresses.Address("2001:db8::1");

    /// <summary>Peers that the default policy allows.</summary>
    public static readonly PeerAddress Peer = Of("5.6.7.8:7000");
    public static readonly PeerAddress Peer6 = Of("[2a00::8]:7000");

    public static PeerAddress Of(string text) => new(PeerAddresses.EndPoint(text));

    public static FiveTuple Path(TransportAddress client, StunTransport transport = StunTransport.Udp)
        => new(new ClientAddress(client), client.Family == StunAddressFamily.IPv4 ? Server : Server6, transport);
}
