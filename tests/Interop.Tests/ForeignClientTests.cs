using System;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Our server with foreign clients behind real NATs: classic STUN by vovida, RFC 5780 by coturn.</summary>
public sealed class ForeignClientTests
{
    private const Requirement Needs = Requirement.NatLab | Requirement.CoturnUtils | Requirement.VovidaStun;
    private const string Independent = "NAT with Endpoint Independent";
    private const string ByAddress = "NAT with Address Dependent";
    private const string ByAddressAndPort = "NAT with Address and Port Dependent";

    [RequiresTheory(Needs)]
    [InlineData(NatKind.Open, 0x01, Independent, Independent)]
    [InlineData(NatKind.FullCone, 0x13, Independent, Independent)]
    [InlineData(NatKind.AddressRestricted, 0x15, Independent, ByAddress)]
    [InlineData(NatKind.PortRestricted, 0x17, Independent, ByAddressAndPort)]
    [InlineData(NatKind.Symmetric, 0x18, ByAddressAndPort, ByAddressAndPort)]
    public async Task Server_ForeignClients_NameTheKind(NatKind kind, int classic, string mapping, string filtering)
    {
        await using NatLab lab = await NatLab.CreateAsync(new NatLabOptions { First = kind });
        await using LabProcess server = await StackCliRun.ServeAsync(
            lab.Server, "--listen", "udp://203.0.113.10:3478", "--alternate", "203.0.113.11:3479", "--classic");
        var endPoint = new IPEndPoint(lab.Server.Address, 3478);

        Assert.Equal(classic, await VovidaStun.ClassifyAsync(lab.FirstClient, endPoint));
        NatDiscoveryLines lines = await TurnutilsNatDiscovery.RunAsync(lab.FirstClient, endPoint);
        Assert.True(lines.Mapping == mapping + " Mapping", lines.Raw.ToString());
        Assert.True(lines.Filtering == filtering + " Filtering", lines.Raw.ToString());
    }

    [RequiresFact(Requirement.CoturnUtils)]
    public async Task Server_TurnutilsStunClient_SeesItsAddress()
    {
        await using LabProcess server = await StackCliRun.ServeAsync(LabHost.Local, "--listen", "udp://127.0.0.1:0");

        NatDiscoveryLines lines = await TurnutilsStunClient.RunAsync(
            LabHost.Local, StackCliRun.Listening(server, "udp"), TimeSpan.FromSeconds(60));

        Assert.True(lines.Reflexive.Count >= 1, lines.Raw.ToString());
        Assert.Equal(IPAddress.Loopback, lines.Reflexive[0].Address);
    }
}
