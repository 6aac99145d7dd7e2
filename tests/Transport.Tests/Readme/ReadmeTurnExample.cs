using System.IO;
using System.Net;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport.Tests;

/// <summary>The second example of README.</summary>
internal static class ReadmeTurnExample
{
    public static async Task RunAsync(TextWriter output)
    {
        // README: from here
        await using TurnServerHost relayServer = await TurnServerHost.StartAsync(new TurnServerHostOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
            Realm = "example.org",
            Credentials = new StaticCredentialSource("example.org", [StaticUser.FromPassword("user", "a password")]),
            PeerRules = new PeerAddressRules { RelaysOnly = true },   // private peers are refused anyway
        });
        var turn = new TurnClient($"turn:{relayServer.EndPoints[0].EndPoint}", new LongTermCredential("user", "a password"));

        await using TurnAllocation alice = await turn.AllocateAsync();   // .Relayed; it refreshes itself
        await using TurnAllocation bob = await turn.AllocateAsync();
        await alice.PermitAsync(bob.Relayed);
        await bob.PermitAsync(alice.Relayed);
        await alice.SendAsync("hello"u8.ToArray(), bob.Relayed);

        byte[] buffer = new byte[2048];
        TurnDatagram datagram = await bob.ReceiveAsync(buffer);
        output.WriteLine($"{datagram.Length} bytes from {datagram.Peer}");
        // README: to here
        output.WriteLine(alice.Relayed);
    }
}
