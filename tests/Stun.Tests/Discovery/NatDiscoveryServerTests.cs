using System;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>Servers that cannot, will not or lie: nothing is guessed, the note says why, and discovery always ends.</summary>
public sealed class NatDiscoveryServerTests
{
    private static readonly TransportAddress Plain = DiscoveryScenario.Address("192.0.2.30:3478");

    private static readonly VirtualNatOptions PortRestricted =
        DiscoveryScenario.Behind(NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent);

    [Fact]
    public void Discovery_PlainServer_IsUnknownWithReasons()
    {
        NatReport report = new DiscoveryScenario { Servers = [new BindingVirtualServer(Plain)] }.Run();
        Assert.Equal((NatMapping.Unknown, NatFiltering.Unknown, ClassicNatType.Unknown), (report.Mapping, report.Filtering, report.Classic));
        Assert.Equal("the server has no second address (RFC 5780 OTHER-ADDRESS, RFC 3489 CHANGED-ADDRESS)", report.MappingNote);
        Assert.Equal(report.MappingNote, report.FilteringNote);
        Assert.True(report.Natted);
        Assert.False(report.Hairpinning);
        Assert.Null(report.GenericAlg);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Discovery_PlainServerWithoutNat_Completes(bool measureLifetime)
    {
        NatReport report = new DiscoveryScenario
        {
            Nat = DiscoveryScenario.Unnatted(NatFiltering.EndpointIndependent),
            Servers = [new BindingVirtualServer(Plain)],
            Options = new NatDiscoveryOptions { MeasureLifetime = measureLifetime },
        }.Run();
        Assert.Equal((false, NatMapping.EndpointIndependent, NatFiltering.Unknown), (report.Natted, report.Mapping, report.Filtering));
        Assert.Equal(ClassicNatType.Unknown, report.Classic);
        Assert.Equal(measureLifetime ? "there is no NAT, so there is no binding" : null, report.LifetimeNote);
    }

    [Theory]
    [InlineData(NatMapping.EndpointIndependent, NatMapping.EndpointIndependent, ClassicNatType.Unknown)]
    [InlineData(NatMapping.AddressDependent, NatMapping.Unknown, ClassicNatType.Symmetric)]
    [InlineData(NatMapping.AddressAndPortDependent, NatMapping.Unknown, ClassicNatType.Symmetric)]
    public void Discovery_SeveralPlainServers_CompareMappings(NatMapping mapping, NatMapping found, ClassicNatType classic)
    {
        NatReport report = new DiscoveryScenario
        {
            Nat = DiscoveryScenario.Behind(mapping, NatFiltering.AddressAndPortDependent),
            Servers =
            [
                new BindingVirtualServer(Plain),
                new BindingVirtualServer(DiscoveryScenario.Address("192.0.2.31:3478")),
                new BindingVirtualServer(DiscoveryScenario.Address("192.0.2.32:19302")),
            ],
        }.Run();
        Assert.Equal((found, NatFiltering.Unknown, classic), (report.Mapping, report.Filtering, report.Classic));
        Assert.Equal(found == NatMapping.Unknown, report.MappingNote is not null);
    }

    [Fact]
    public void Discovery_TwoPortsOfOnePlainAddress_ProveNothingAboutAddresses()
    {
        NatReport report = new DiscoveryScenario
        {
            Servers = [new BindingVirtualServer(Plain), new BindingVirtualServer(Plain.WithPort(3479))],
        }.Run();
        Assert.Equal(NatMapping.Unknown, report.Mapping);
    }

    [Fact]
    public void Discovery_DeadFirstServer_DoesNotHoldUpTheSecond()
    {
        NatReport report = new DiscoveryScenario
        {
            Nat = PortRestricted,
            Asked = [Plain, DiscoveryScenario.Alternate.Primary],
        }.Run(out NatDiscoveryRun run);
        Assert.Equal(ClassicNatType.PortRestrictedCone, report.Classic);
        Assert.True(run.Now.SinceOrigin - TimeSpan.FromHours(1) < TimeSpan.FromSeconds(10), run.Now.ToString());
    }

    [Fact]
    public void Discovery_DeadFirstPlainServer_UsesTheSecond()
    {
        NatReport report = new DiscoveryScenario
        {
            Asked = [Plain, Plain.WithPort(5000)],
            Servers = [new BindingVirtualServer(Plain.WithPort(5000))],
        }.Run();
        Assert.True(report.Natted);
        Assert.False(report.Hairpinning);
    }

    [Fact]
    public void Discovery_ServerThatIgnoresChangeRequest_IsFoundOut()
    {
        var server = new RelabelledVirtualServer(
            new BindingVirtualServer(DiscoveryScenario.Alternate),
            static (request, answer) => answer with { Source = request.Destination });
        NatReport report = new DiscoveryScenario { Servers = [server] }.Run();
        Assert.Equal((NatMapping.EndpointIndependent, NatFiltering.Unknown), (report.Mapping, report.Filtering));
        Assert.Equal("the server answers CHANGE-REQUEST from its primary address, so it does not do what it was asked", report.FilteringNote);
    }

    [Fact]
    public void Discovery_ServerThatRefusesChangeRequest_IsFoundOut()
    {
        var inner = new BindingVirtualServer(DiscoveryScenario.Alternate);
        var server = new RelabelledVirtualServer(
            inner,
            static (request, answer) => !ScriptedServers.HasChangeRequest(request)
                ? answer
                : ScriptedServers.Answer(request, request.Destination, StunClass.ErrorResponse, static (ref StunMessageWriter writer, VirtualDatagram _) =>
                {
                    writer.AddErrorCode(StunErrorCode.UnknownAttribute);
                    writer.AddUnknownAttributes([StunAttributeType.ChangeRequest]);
                }));
        NatReport report = new DiscoveryScenario { Servers = [server] }.Run();

        // The refusal comes from the primary address, where an answer was not asked to come from.
        Assert.Equal(NatFiltering.Unknown, report.Filtering);
        Assert.NotNull(report.FilteringNote);
        Assert.Equal(NatMapping.EndpointIndependent, report.Mapping);
    }

    [Theory]
    [InlineData(NatMapping.EndpointIndependent, ClassicNatType.Unknown)]
    [InlineData(NatMapping.AddressAndPortDependent, ClassicNatType.Symmetric)]
    public void Discovery_DeadAlternateAddress_IsNotTakenForAFilter(NatMapping mapping, ClassicNatType classic)
    {
        TransportAddress dead = DiscoveryScenario.Alternate.Alternate;
        var server = new RelabelledVirtualServer(
            new BindingVirtualServer(DiscoveryScenario.Alternate),
            (_, answer) => answer.Source.HasSameAddress(dead) ? null : answer,
            request => !request.Destination.HasSameAddress(dead));
        NatReport report = new DiscoveryScenario { Nat = DiscoveryScenario.Behind(mapping, NatFiltering.EndpointIndependent), Servers = [server] }.Run();
        Assert.Equal((NatMapping.Unknown, NatFiltering.Unknown, classic), (report.Mapping, report.Filtering, report.Classic));
        Assert.Equal("the server's other address did not answer", report.MappingNote);
        Assert.Equal("the server's other address never answered, so its silence says nothing", report.FilteringNote);
    }

    [Theory]
    [InlineData("10.1.1.1:3479")]
    [InlineData("192.168.1.1:3479")]
    [InlineData("169.254.1.1:3479")]
    [InlineData("100.64.0.1:3479")]
    [InlineData("127.0.0.1:3479")]
    [InlineData("224.0.0.1:3479")]
    [InlineData("255.255.255.255:3479")]
    [InlineData("240.0.0.1:3479")]
    [InlineData("0.0.0.0:3479")]
    [InlineData("192.0.2.40:0")]
    [InlineData("192.0.2.40:3478")]
    [InlineData("192.0.2.30:3479")]
    [InlineData("192.0.2.30:3478")]
    [InlineData("[2001:db8::1]:3479")]
    public void Discovery_UnusableAlternate_IsNeverSentTo(string other)
    {
        TransportAddress announced = DiscoveryScenario.Address(other);
        NatReport report = new DiscoveryScenario { Servers = [ScriptedServers.Announcing(Plain, announced)] }.Run(out NatDiscoveryRun run);
        Assert.All(run.Transmits, transmit => Assert.True(
            transmit.To == Plain || transmit.To.HasSameAddress(DiscoveryScenario.External),
            transmit.To.ToString()));
        Assert.Equal((NatMapping.Unknown, NatFiltering.Unknown), (report.Mapping, report.Filtering));
        Assert.NotNull(report.MappingNote);
    }

    [Fact]
    public void Discovery_ForgedSource_IsNoAnswer()
    {
        ScriptedVirtualServer server = ScriptedServers.Answering(
            Plain,
            static (ref StunMessageWriter writer, VirtualDatagram request) => writer.AddXorMappedAddress(request.Source),
            DiscoveryScenario.Address("203.0.113.66:3478"));
        NatReport report = new DiscoveryScenario { Servers = [server] }.Run();
        Assert.Equal("no server gave a usable answer", report.MappingNote);
        Assert.Equal(ClassicNatType.Unknown, report.Classic);
        Assert.Equal(NatProbeOutcome.WrongSource, Assert.Single(report.Evidence).Outcome);
    }

    [Fact]
    public void Discovery_ServerThatAnswersWithoutAnAddress_IsUnusable()
    {
        ScriptedVirtualServer server = ScriptedServers.Answering(Plain, static (ref StunMessageWriter _, VirtualDatagram _) => { });
        NatReport report = new DiscoveryScenario { Servers = [server] }.Run();
        Assert.Equal(NatProbeOutcome.Unusable, Assert.Single(report.Evidence).Outcome);
        Assert.Equal("no server gave a usable answer", report.MappingNote);
    }

    [Fact]
    public void Discovery_ServerThatWantsCredentials_IsRefused()
    {
        var server = new ScriptedVirtualServer(
            static request => [ScriptedServers.Answer(request, request.Destination, StunClass.ErrorResponse,
                static (ref StunMessageWriter writer, VirtualDatagram _) => writer.AddErrorCode(StunErrorCode.Unauthenticated))],
            Plain);
        NatReport report = new DiscoveryScenario { Servers = [server] }.Run();
        NatEvidence evidence = Assert.Single(report.Evidence);
        Assert.Equal((NatProbeOutcome.Refused, StunErrorCode.Unauthenticated), (evidence.Outcome, evidence.ErrorCode));
        Assert.NotEqual(ClassicNatType.UdpBlocked, report.Classic);
    }

    [Fact]
    public void Discovery_Garbage_ChangesNothing()
    {
        var noise = new SeededRandom(7);
        var inner = new BindingVirtualServer(DiscoveryScenario.Alternate, new BindingServerOptions { RateLimit = null });
        var server = new ScriptedVirtualServer(
            request =>
            {
                // The right answer stands among flipped copies of it, echoes of the request and random bytes.
                VirtualDatagram[] answers = [.. inner.Receive(request, Instant.Zero)];
                byte[] random = new byte[noise.Next(100)];
                noise.GetBytes(random);
                byte[] flipped = answers.Length == 0 ? random : answers[0].Payload.ToArray();
                for (int i = 0; i < flipped.Length; i++)
                {
                    flipped[i] ^= (byte)(noise.Chance(0.1) || i == 8 ? 1 << noise.Next(8) : 0);
                }

                VirtualDatagram junk = new(request.Destination, request.Source, random);
                return [junk, junk with { Payload = flipped }, .. answers, junk with { Payload = request.Payload }];
            },
            DiscoveryScenario.Alternate.ToArray());
        NatReport report = new DiscoveryScenario { Nat = PortRestricted, Servers = [server] }.Run();
        Assert.Equal(ClassicNatType.PortRestrictedCone, report.Classic);
    }
}
