using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Turn.Tests.ClientScene;

namespace Stack.Turn.Tests;

/// <summary>RFC 8656 sections 7.1, 7.3 and 7.4 from the client's side; security.md section 5.4.</summary>
public sealed class ClientAllocateTests
{
    private static readonly ClientAllocationOptions Options = new() { Credential = Credential };

    public static TheoryData<string, ClientAllocationOptions, bool> Combinations => new()
    {
        { "plain", Options, true },
        { "IPv6", Options with { Family = StunAddressFamily.IPv6 }, true },
        { "dual", Options with { Dual = true }, true },
        { "dual, even", Options with { Dual = true, EvenPort = EvenPortRequest.Even }, true },
        { "dual, reserving", Options with { Dual = true, EvenPort = EvenPortRequest.EvenAndReserveNext }, false },
        { "dual, IPv6", Options with { Dual = true, Family = StunAddressFamily.IPv6 }, false },
        { "token", Options with { ReservationToken = new ReservationToken(1) }, true },
        { "token, even", Options with { ReservationToken = new ReservationToken(1), EvenPort = EvenPortRequest.Even }, false },
        { "token, IPv4", Options with { ReservationToken = new ReservationToken(1), Family = StunAddressFamily.IPv4 }, false },
        { "token, dual", Options with { ReservationToken = new ReservationToken(1), Dual = true }, false },
        { "family 3", Options with { Family = (StunAddressFamily)3 }, false },
        { "TCP over UDP", Options with { Protocol = RelayProtocol.Tcp }, false },
        { "TCP over TCP", Options with { Protocol = RelayProtocol.Tcp, Transport = StunTransport.Tcp }, true },
        { "TCP, DF", Options with { Protocol = RelayProtocol.Tcp, Transport = StunTransport.Tls, DontFragment = true }, false },
        { "TCP, even", Options with { Protocol = RelayProtocol.Tcp, Transport = StunTransport.Tls, EvenPort = EvenPortRequest.Even }, false },
        { "TCP, token", Options with { Protocol = RelayProtocol.Tcp, Transport = StunTransport.Tls, ReservationToken = new ReservationToken(1) }, false },
        { "SCTP", Options with { Protocol = (RelayProtocol)132 }, false },
    };

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Options_Combination_IsWhatTheRfcAllows(string name, ClientAllocationOptions options, bool allowed)
    {
        Exception? error = Record.Exception(() => new ClientScene(options).Dispose());
        Assert.True(allowed ? error is null : error is ArgumentException, name);
    }

    [Fact]
    public void Allocate_FirstRequest_IsPaddedAndCarriesNoCredential()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        byte[] request = Assert.Single(scene.Transmits());
        Assert.Equal(100, request.Length);
        Assert.Equal([StunAttributeType.RequestedTransport, StunAttributeType.Software], Types(request));
        Assert.Equal(scene.In(0.5), scene.Allocation.NextTimeout);
        Assert.Empty(scene.Events());
    }

    [Fact]
    public void Allocate_AllOptions_AreInTheRequest()
    {
        using var scene = new ClientScene(Options with
        {
            Lifetime = TimeSpan.FromSeconds(900),
            Family = StunAddressFamily.IPv6,
            EvenPort = EvenPortRequest.EvenAndReserveNext,
            DontFragment = true,
        });
        scene.Allocation.Allocate(scene.Now);
        StunMessage request = Decode(Assert.Single(scene.Transmits()));
        request.ReadLifetime(out uint lifetime);
        request.ReadRequestedAddressFamily(out StunAddressFamily family);
        request.ReadEvenPort(out bool reserve);
        request.ReadRequestedTransport(out RelayProtocol protocol);
        Assert.Equal((900u, StunAddressFamily.IPv6, true, RelayProtocol.Udp), (lifetime, family, reserve, protocol));
        Assert.Equal(StunAttributeStatus.Present, request.ReadDontFragment());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Allocate_Challenge_IsAnsweredWithTheBestAlgorithm(bool sha256)
    {
        using var scene = new ClientScene(Options, sha256);
        scene.Allocation.Allocate(scene.Now);
        List<byte[]> requests = scene.Serve();
        Assert.Equal(2, requests.Count);
        Assert.Equal((sha256, !sha256), (Decode(requests[1]).HasMessageIntegritySha256, Decode(requests[1]).HasMessageIntegrity));
        Assert.Equal([ClientAllocationEventKind.Allocated], scene.Kinds());
        Assert.Equal((Relayed, Client, TimeSpan.FromSeconds(600)), (scene.Allocation.Grant!.Relayed, scene.Allocation.Grant.Mapped, scene.Allocation.Grant.Lifetime));
        Assert.Equal(scene.In(540), scene.Allocation.NextTimeout);
    }

    [Fact]
    public void Allocate_WithoutACredential_WorksWhereNobodyAsks()
    {
        using var scene = new ClientScene(new ClientAllocationOptions());
        scene.Allocation.Allocate(scene.Now);
        byte[] request = Assert.Single(scene.Transmits());
        StunMessageWriter writer = StunMessageWriter.Respond(new byte[200], Decode(request), StunClass.SuccessResponse);
        writer.AddXorRelayedAddress(Relayed);
        scene.Deliver(writer.Written.ToArray());
        Assert.Equal([ClientAllocationEventKind.Allocated], scene.Kinds());
    }

    [Fact]
    public void C01_ResponseFromAnotherSource_IsIgnored()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        byte[] answer = scene.Grant(Assert.Single(scene.Transmits()));
        foreach (string source in (string[])["192.0.2.1:3479", "192.0.2.2:3478", "[2001:db8::1]:3478"])
        {
            Assert.Equal(ClientDisposition.WrongSource, scene.Deliver(answer, Address(source)));
        }

        Assert.Empty(scene.Transmits());
        Assert.Equal(ClientDisposition.Completed, scene.Deliver(answer));
    }

    [Fact]
    public void C03_ErrorWithoutCode_IsAGenericFailure()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => Decode(request).HasMessageIntegrity
            ? scene.Answer(request, StunClass.ErrorResponse, static (ref StunMessageWriter _) => { })
            : scene.Grant(request));
        ClientAllocationEvent refused = Assert.Single(scene.Events());
        Assert.Equal((RequestFailureReason.NoResponse, TransactionOutcome.NotUnderstood), (refused.Failure!.Reason, refused.Failure.Transaction.Outcome));
    }

    [Fact]
    public void C03_SuccessWithErrorCode_IsASuccess()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => Success(scene, request, static (ref StunMessageWriter writer) =>
        {
            writer.AddErrorCode(StunErrorCode.Forbidden);
            writer.AddXorRelayedAddress(Relayed);
        }));
        Assert.Equal([ClientAllocationEventKind.Allocated], scene.Kinds());
    }

    [Fact]
    public void C04_ServerThatAlwaysSays401_GetsTwoTries()
    {
        using var scene = new ClientScene(Options with { Credential = new LongTermCredential("user", "wrong") });
        scene.Allocation.Allocate(scene.Now);
        Assert.Equal(2, scene.Serve().Count);
        ClientAllocationEvent refused = Assert.Single(scene.Events());
        Assert.Equal((RequestFailureReason.NotAuthenticated, ChallengeDecision.Refused), (refused.Failure!.Reason, refused.Failure.Challenge));
        Assert.Equal(ClientAllocationState.Ended, scene.Allocation.State);
        Assert.Null(scene.Allocation.NextTimeout);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void C05_ServerThatAlwaysSays438_GetsThreeRetries(bool sameNonce)
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        int stale = 0;
        scene.Serve(request =>
        {
            if (!Decode(request).HasMessageIntegrity)
            {
                return scene.Grant(request);
            }

            stale++;
            return Challenge(request, StunErrorCode.StaleNonce, sameNonce ? "nonce-1" : $"nonce-{stale + 1}");
        });
        Assert.Equal(LongTermClient.MaxStaleNonces + 1, stale);
        Assert.Equal(RequestFailureReason.NotAuthenticated, Assert.Single(scene.Events()).Failure!.Reason);
    }

    [Fact]
    public void C07_Redirection_IsReportedWithItsServer()
    {
        RequestFailure failure = Redirected(static (ref StunMessageWriter writer) =>
        {
            writer.AddAlternateServer(Address("192.0.2.77:3478"));
            writer.AddAlternateDomain("other.example"u8);
        });
        Assert.Equal((StunErrorCode.TryAlternate, Address("192.0.2.77:3478"), "other.example"), (failure.Code, failure.Alternate, failure.AlternateDomain));
    }

    [Theory]
    [InlineData("192.0.2.1:3478")]
    [InlineData("127.0.0.1:3478")]
    [InlineData("10.0.0.1:3478")]
    [InlineData("[2001:db8::9]:3478")]
    public void C07_RedirectionToItselfOrInside_NamesNoServer(string alternate)
        => Assert.Null(Redirected((ref StunMessageWriter writer) => writer.AddAlternateServer(Address(alternate))).Alternate);

    [Fact]
    public void C07_RedirectionWithoutIntegrity_IsNotBelieved()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(static request => Error(request, StunErrorCode.TryAlternate, static (ref StunMessageWriter writer)
            => writer.AddAlternateServer(Address("192.0.2.77:3478"))));
        Assert.Null(Assert.Single(scene.Events()).Failure!.Alternate);
    }

    [Theory]
    [InlineData(null, 600u, RequestFailureReason.IncompleteSuccess)]
    [InlineData("192.0.2.1:50000", 0u, RequestFailureReason.IncompleteSuccess)]
    [InlineData("192.0.2.1:0", 600u, RequestFailureReason.IncompleteSuccess)]
    [InlineData("0.0.0.0:50000", 600u, RequestFailureReason.IncompleteSuccess)]
    [InlineData("[2001:db8::1]:50000", 600u, RequestFailureReason.WrongFamily)]
    public void C08_SuccessThatCannotBeUsed_IsRefusedAndDeleted(string? relayed, uint lifetime, RequestFailureReason reason)
    {
        using var scene = new ClientScene(Options with { Family = StunAddressFamily.IPv4 });
        scene.Allocation.Allocate(scene.Now);
        List<byte[]> requests = scene.Serve(request => Success(scene, request, (ref StunMessageWriter writer) =>
        {
            if (relayed is not null)
            {
                writer.AddXorRelayedAddress(Address(relayed));
            }

            writer.AddUInt32(StunAttributeType.Lifetime, lifetime);
        }));

        Assert.Equal([StunMethod.Allocate, StunMethod.Allocate, StunMethod.Refresh], requests.Select(Method));
        Decode(requests[2]).ReadLifetime(out uint deleted);
        Assert.Equal(0u, deleted);
        List<ClientAllocationEvent> events = scene.Events();
        Assert.Equal([ClientAllocationEventKind.AllocationRefused, ClientAllocationEventKind.AllocationReleased], events.Select(static e => e.Kind));
        Assert.Equal(reason, events[0].Failure!.Reason);
        Assert.Null(scene.Allocation.Grant);
    }

    [Theory]
    [InlineData(1u, 1)]
    [InlineData(3600u, 3600)]
    [InlineData(3601u, 3600)]
    [InlineData(uint.MaxValue, 3600)]
    public void C08_Lifetime_IsClampedToAnHour(uint granted, int believed)
    {
        using ClientScene scene = Allocated(Options, lifetime: granted);
        Assert.Equal(TimeSpan.FromSeconds(believed), scene.Allocation.Grant!.Lifetime);
        Assert.Equal(scene.In(believed), scene.Allocation.Expires);
    }

    [Fact]
    public void Dual_BothAddresses_AreGranted()
    {
        AllocationGrant grant = Dual(static (ref StunMessageWriter writer) =>
        {
            writer.AddXorRelayedAddress(Relayed6);
            writer.AddXorRelayedAddress(Address("[2001:db8::1]:50002"));
            writer.AddXorRelayedAddress(Relayed);
        });
        Assert.Equal((Relayed, Relayed6), (grant.Relayed, grant.AdditionalRelayed));
        Assert.Equal((true, true, false), (grant.Covers(StunAddressFamily.IPv4), grant.Covers(StunAddressFamily.IPv6), grant.Covers(StunAddressFamily.None)));
    }

    [Fact]
    public void Dual_OneFamilyRefused_IsReported()
    {
        AllocationGrant grant = Dual(static (ref StunMessageWriter writer) =>
        {
            writer.AddXorRelayedAddress(Relayed);
            writer.AddAddressErrorCode(StunAddressFamily.IPv6, StunErrorCode.AddressFamilyNotSupported);
        });
        Assert.Null(grant.AdditionalRelayed);
        Assert.Equal((StunAddressFamily.IPv6, StunErrorCode.AddressFamilyNotSupported), (grant.RefusedFamily, grant.RefusedFamilyCode));
    }

    [Fact]
    public void Allocate_Reservation_HasItsToken()
    {
        using var scene = new ClientScene(Options with { EvenPort = EvenPortRequest.EvenAndReserveNext });
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => Success(scene, request, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorRelayedAddress(Relayed);
            writer.AddReservationToken(new ReservationToken(0x0102030405060708));
        }));
        Assert.Equal(new ReservationToken(0x0102030405060708), scene.Allocation.Grant!.ReservationToken);
    }

    [Theory]
    [InlineData(StunErrorCode.AllocationMismatch)]
    [InlineData(StunErrorCode.AllocationQuotaReached)]
    [InlineData(StunErrorCode.InsufficientCapacity)]
    [InlineData(StunErrorCode.UnknownAttribute)]
    public void Allocate_Error_IsReportedAsWhatItIs(StunErrorCode code)
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => scene.Refuse(request, code));
        ClientAllocationEvent refused = Assert.Single(scene.Events());
        Assert.Equal((RequestFailureReason.ErrorResponse, code), (refused.Failure!.Reason, refused.Failure.Code));
        Assert.Equal((ClientAllocationState.Ended, null), (scene.Allocation.State, scene.Allocation.NextTimeout));
    }

    [Fact]
    public void Allocate_Silence_EndsAfterTheSchedule()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        Assert.Single(scene.Serve(static _ => null));
        Assert.Equal(6, scene.Advance(39.4, static _ => null).Count);
        Assert.Empty(scene.Events());
        Assert.Empty(scene.Advance(0.2, static _ => null));
        Assert.Equal(TransactionOutcome.TimedOut, Assert.Single(scene.Events()).Failure!.Transaction.Outcome);
    }

    [Fact]
    public void C24_AnswerGivenTwice_IsDropped()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        byte[] answer = scene.Grant(Assert.Single(scene.Transmits()));
        Assert.Equal(ClientDisposition.Completed, scene.Deliver(answer));
        scene.Transmits();
        Assert.Equal(ClientDisposition.UnknownTransaction, scene.Deliver(answer));
        Assert.Empty(scene.Transmits());
    }

    [Fact]
    public void Allocate_OfferTooLongToSendBack_IsARefusalAndNotAThrow()
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        byte[] request = Assert.Single(scene.Transmits());
        var algorithms = new StunPasswordAlgorithm[4000];
        Array.Fill(algorithms, StunPasswordAlgorithm.Md5);
        StunMessageWriter writer = StunMessageWriter.Respond(new byte[20_000], Decode(request), StunClass.ErrorResponse);
        writer.AddErrorCode(StunErrorCode.Unauthenticated);
        writer.AddRealm("r"u8);
        writer.AddNonce("n"u8);
        writer.AddPasswordAlgorithms(algorithms);
        scene.Deliver(writer.Written.ToArray());
        Assert.Equal(ChallengeDecision.Malformed, Assert.Single(scene.Events()).Failure!.Challenge);
    }

    private static StunAttributeType[] Types(byte[] bytes)
    {
        var types = new List<StunAttributeType>();
        foreach (StunAttribute attribute in Decode(bytes))
        {
            types.Add(attribute.Type);
        }

        return [.. types];
    }

    private static byte[] Success(ClientScene scene, byte[] request, Build build) => Method(request) == StunMethod.Allocate
        ? scene.Answer(request, StunClass.SuccessResponse, build)
        : scene.Grant(request);

    private static byte[] Error(byte[] request, StunErrorCode code, Build build)
    {
        StunMessageWriter writer = StunMessageWriter.Respond(new byte[500], Decode(request), StunClass.ErrorResponse);
        writer.AddErrorCode(code);
        build(ref writer);
        return writer.Written.ToArray();
    }

    private static byte[] Challenge(byte[] request, StunErrorCode code, string nonce) => Error(request, code, (ref StunMessageWriter writer) =>
    {
        writer.AddRealm(System.Text.Encoding.UTF8.GetBytes(Realm));
        writer.AddNonce(System.Text.Encoding.UTF8.GetBytes(nonce));
    });

    private static RequestFailure Redirected(Build build)
    {
        using var scene = new ClientScene(Options);
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => scene.Answer(request, StunClass.ErrorResponse, (ref StunMessageWriter writer) =>
        {
            writer.AddErrorCode(StunErrorCode.TryAlternate);
            build(ref writer);
        }));
        return Assert.Single(scene.Events()).Failure!;
    }

    private static AllocationGrant Dual(Build build)
    {
        using var scene = new ClientScene(Options with { Dual = true });
        scene.Allocation.Allocate(scene.Now);
        scene.Serve(request => Success(scene, request, build));
        return scene.Allocation.Grant!;
    }
}
