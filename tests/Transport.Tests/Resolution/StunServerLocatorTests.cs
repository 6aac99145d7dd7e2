using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunServerLocatorTests
{
    private const string Service = "_stun._udp.example.org";

    private readonly ScriptedNames _names = new();
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("192.0.2.1", null, StunTransport.Udp, "192.0.2.1:3478")]
    [InlineData("192.0.2.1", null, StunTransport.Tls, "192.0.2.1:5349")]
    [InlineData("[2001:db8::1]", 99, StunTransport.Tcp, "[2001:db8::1]:99")]
    public async Task Locate_Literal_AsksNobody(string host, int? port, StunTransport transport, string expected)
    {
        StunServerAddress found = Assert.Single(await LocateAsync(new StunServerQuery(host) { Port = port, Transport = transport }));

        Assert.Equal((expected, StunServerAddressSource.Literal), (found.EndPoint.ToString(), found.Source));
        Assert.Empty(_names.Asked);
    }

    [Fact]
    public async Task Locate_LiteralOfTheOtherFamily_SaysSo()
    {
        StunResolutionException error = await FailAsync(new StunServerQuery("192.0.2.1") { Family = AddressFamily.InterNetworkV6 });

        Assert.Equal(StunResolutionFailure.NoAddressOfFamily, error.Failure);
        Assert.Empty(_names.Asked);
    }

    [Fact]
    public async Task Locate_PortGiven_AsksForAddressesOnly()
    {
        _names.Host("example.org", "192.0.2.1");

        StunServerAddress found = Assert.Single(await LocateAsync(new StunServerQuery("example.org") { Port = 19302 }));

        Assert.Equal(new StunServerAddress(IPEndPoint.Parse("192.0.2.1:19302"), "example.org", StunServerAddressSource.GivenPort), found);
        Assert.Equal(["example.org"], _names.Asked);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("stun.localhost")]
    [InlineData("server")]
    [InlineData("printer.local")]
    [InlineData("PRINTER.LOCAL.")]
    public async Task Locate_NameOutsideTheDns_AsksForAddressesOnly(string host)
    {
        _names.Host(host.TrimEnd('.'), "127.0.0.1");

        Assert.Equal(StunServerAddressSource.DefaultPort, Assert.Single(await LocateAsync(new StunServerQuery(host))).Source);
        Assert.Equal([host.TrimEnd('.')], _names.Asked);
    }

    [Theory]
    [InlineData(DnsAnswerStatus.NameUnknown)]
    [InlineData(DnsAnswerStatus.NoRecords)]
    [InlineData(DnsAnswerStatus.NoAnswer)]
    [InlineData(DnsAnswerStatus.ServerFailure)]
    public async Task Locate_NoServiceRecords_UsesTheDefaultPort(DnsAnswerStatus status)
    {
        _names.Service(Service, status).Host("example.org", "2001:db8::1", "192.0.2.1");

        IReadOnlyList<StunServerAddress> found = await LocateAsync(new StunServerQuery("example.org"));

        Assert.Equal(["[2001:db8::1]:3478", "192.0.2.1:3478"], Text(found));
        Assert.All(found, address => Assert.Equal(StunServerAddressSource.DefaultPort, address.Source));
        Assert.Contains($"Srv {Service} 1.5", _names.Asked);
    }

    [Fact]
    public async Task Locate_ServiceRecords_GiveTargetsByPriorityAndKeepTheNameAsked()
    {
        _names.Service(Service, new(20, 0, 3479, "b.example.net"), new(10, 0, 19302, "a.example.net"))
            .Host("a.example.net", "192.0.2.1").Host("b.example.net", "192.0.2.2").Host("example.org", "192.0.2.9");

        IReadOnlyList<StunServerAddress> found = await LocateAsync(new StunServerQuery("example.org"));

        Assert.Equal(["192.0.2.1:19302", "192.0.2.2:3479"], Text(found));
        Assert.All(found, address => Assert.Equal(("example.org", StunServerAddressSource.ServiceRecord), (address.HostName, address.Source)));
    }

    [Fact]
    public async Task Locate_BehaviorOverTls_AsksForItsOwnService()
    {
        _names.Service("_stun-behaviors._tcp.example.org", new DnsServiceRecord(0, 0, 5349, "a.example.net")).Host("a.example.net", "192.0.2.1");

        IReadOnlyList<StunServerAddress> found =
            await LocateAsync(new StunServerQuery("example.org") { Service = StunService.StunBehavior, Transport = StunTransport.Tls });

        Assert.Equal(["192.0.2.1:5349"], Text(found));
    }

    [Fact]
    public async Task Locate_RootTarget_IsNotAvailable()
    {
        _names.Service(Service, new DnsServiceRecord(0, 0, 0, "")).Host("example.org", "192.0.2.1");

        StunResolutionException error = await FailAsync(new StunServerQuery("example.org"));

        Assert.Equal((StunResolutionFailure.ServiceNotAvailable, "example.org"), (error.Failure, error.Host));
        Assert.Contains(Service, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locate_UnusableServiceRecordsOnly_UsesTheDefaultPort()
    {
        _names.Service(Service, new(0, 0, 0, "a.example.net"), new(0, 0, 3478, "127.1"), new(0, 0, 3478, "a b"), new(0, 0, 3478, ""))
            .Host("a.example.net", "192.0.2.1").Host("example.org", "192.0.2.9");

        Assert.Equal(["192.0.2.9:3478"], Text(await LocateAsync(new StunServerQuery("example.org"))));
    }

    [Fact]
    public async Task Locate_ManyServiceRecords_AsksForFourTargets()
    {
        DnsServiceRecord[] records = [.. Enumerable.Range(0, 32).Select(i => new DnsServiceRecord(i / 2, 1, 3478, $"t{i / 2}.example.net"))];
        _names.Service(Service, records);
        Array.ForEach(records, record => _names.Host(record.Target, [.. Enumerable.Range(1, 250).Select(i => $"10.{record.Priority}.0.{i}")]));

        IReadOnlyList<StunServerAddress> found = await LocateAsync(new StunServerQuery("example.org"));

        Assert.Equal(["10.0.0.1:3478", "10.0.0.2:3478", "10.1.0.1:3478", "10.1.0.2:3478", "10.2.0.1:3478", "10.2.0.2:3478", "10.3.0.1:3478", "10.3.0.2:3478"], Text(found));
        Assert.Equal(4, _names.Asked.Count(name => name.EndsWith(".example.net", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Locate_SmallTarget_LeavesItsPlacesToTheFirst()
    {
        _names.Service(Service, new(0, 0, 1, "a.example.net"), new(1, 0, 2, "b.example.net"))
            .Host("a.example.net", [.. Enumerable.Range(1, 20).Select(i => $"10.0.0.{i}")]).Host("b.example.net", "10.1.0.1");

        IReadOnlyList<StunServerAddress> found = await LocateAsync(new StunServerQuery("example.org"));

        Assert.Equal(8, found.Count);
        Assert.Equal(7, found.Count(address => address.EndPoint.Port == 1));
        Assert.Equal("10.1.0.1:2", found[7].EndPoint.ToString());
    }

    [Fact]
    public async Task Locate_ManyAddresses_GivesEightOfBothFamiliesInTurn()
    {
        _names.Host("example.org", [.. Enumerable.Range(1, 1000).Select(i => $"2001:db8::{i:x}"), .. Enumerable.Range(1, 250).Select(i => $"10.0.0.{i}")]);

        Assert.Equal(
            ["[2001:db8::1]:3478", "10.0.0.1:3478", "[2001:db8::2]:3478", "10.0.0.2:3478", "[2001:db8::3]:3478", "10.0.0.3:3478", "[2001:db8::4]:3478", "10.0.0.4:3478"],
            Text(await LocateAsync(new StunServerQuery("example.org"))));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, "192.0.2.1:3478 192.0.2.2:3478")]
    [InlineData(AddressFamily.InterNetworkV6, "[2001:db8::1]:3478")]
    [InlineData(AddressFamily.Unspecified, "192.0.2.1:3478 [2001:db8::1]:3478 192.0.2.2:3478")]
    public async Task Locate_Family_IsTheOnlyOne(AddressFamily family, string expected)
    {
        _names.Host("example.org", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "2001:db8::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255");

        Assert.Equal(expected.Split(' '), Text(await LocateAsync(new StunServerQuery("example.org") { Family = family })));
    }

    [Fact]
    public async Task Locate_UnknownHost_SaysWhatWasAsked()
    {
        StunResolutionException error = await FailAsync(new StunServerQuery("example.org"));

        Assert.Equal(StunResolutionFailure.HostUnknown, error.Failure);
        Assert.Equal(
            "No address of example.org to contact. Asked: example.org: no such host, or it has no address; SRV _stun._udp.example.org: no such name (scripted).",
            error.Message);
    }

    [Fact]
    public async Task Locate_FamilyTheHostLacks_SaysSo()
    {
        _names.Host("example.org", "192.0.2.1");

        StunResolutionException error = await FailAsync(new StunServerQuery("example.org") { Family = AddressFamily.InterNetworkV6 });

        Assert.Equal(StunResolutionFailure.NoAddressOfFamily, error.Failure);
        Assert.Contains("No IPv6 address of example.org", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketError.TryAgain, StunResolutionFailure.ResolverUnreachable)]
    [InlineData(SocketError.NoRecovery, StunResolutionFailure.ResolverUnreachable)]
    [InlineData(SocketError.NoData, StunResolutionFailure.HostUnknown)]
    public async Task Locate_ResolverError_IsTold(SocketError code, StunResolutionFailure expected)
    {
        _names.Host("example.org", code);

        Assert.Equal(expected, (await FailAsync(new StunServerQuery("example.org"))).Failure);
    }

    [Fact]
    public async Task Locate_TargetsWithoutAddresses_DoNotFallBack()
    {
        _names.Service(Service, new DnsServiceRecord(0, 0, 3478, "gone.example.net")).Host("example.org", "192.0.2.1");

        StunResolutionException error = await FailAsync(new StunServerQuery("example.org"));

        Assert.Equal(StunResolutionFailure.HostUnknown, error.Failure);
        Assert.Contains("gone.example.net", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locate_ServiceLookupNeverEnds_FallsBackAfterItsBudget()
    {
        TaskCompletionSource<DnsAnswer> never = new();
        _names.Services[Service] = () => never.Task;
        _names.Host("example.org", "192.0.2.1");

        Task<IReadOnlyList<StunServerAddress>> location = LocateAsync(new StunServerQuery("example.org"));
        Assert.False(location.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1.6));

        Assert.Equal(["192.0.2.1:3478"], Text(await location));
    }

    [Fact]
    public async Task Locate_ResolverNeverEnds_FailsAfterFiveSeconds()
    {
        TaskCompletionSource<IReadOnlyList<IPAddress>> never = new();
        _names.Hosts["example.org"] = () => never.Task;

        Task<IReadOnlyList<StunServerAddress>> location = LocateAsync(new StunServerQuery("example.org"));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(location.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        StunResolutionException error = await Assert.ThrowsAsync<StunResolutionException>(() => location);
        Assert.Equal(StunResolutionFailure.ResolverUnreachable, error.Failure);
    }

    [Fact]
    public async Task Locate_OneTargetNeverEnds_GoesOnWithTheOthers()
    {
        TaskCompletionSource<IReadOnlyList<IPAddress>> never = new();
        _names.Service(Service, new(0, 0, 3478, "slow.example.net"), new(1, 0, 3478, "a.example.net")).Host("a.example.net", "192.0.2.1");
        _names.Hosts["slow.example.net"] = () => never.Task;

        Task<IReadOnlyList<StunServerAddress>> location = LocateAsync(new StunServerQuery("example.org"));
        Assert.False(location.IsCompleted);
        _time.Advance(StunServerLocator.LaterTargetBudget);

        Assert.Equal(["192.0.2.1:3478"], Text(await location));
    }

    [Fact]
    public async Task Locate_Cancelled_Throws()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource<IReadOnlyList<IPAddress>> never = new();
        _names.Hosts["example.org"] = () => never.Task;

        Task<IReadOnlyList<StunServerAddress>> location = Locator().LocateAsync(new StunServerQuery("example.org"), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => location);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Locate_LocalhostInTheSystemsResolver_IsLoopback()
    {
        var locator = new StunServerLocator(new DnsClient(), time: new SlowTimeProvider(20));

        IReadOnlyList<StunServerAddress> found = await locator.LocateAsync(new StunServerQuery("localhost"), CancellationToken.None);

        Assert.All(found, address => Assert.True(IPAddress.IsLoopback(address.EndPoint.Address)));
    }

    private static IEnumerable<string> Text(IReadOnlyList<StunServerAddress> addresses) => addresses.Select(address => address.EndPoint.ToString());

    private StunServerLocator Locator() => new(_names, _names, _time, new SeededRandom(5));

    private Task<IReadOnlyList<StunServerAddress>> LocateAsync(StunServerQuery query) => Locator().LocateAsync(query, CancellationToken.None);

    private Task<StunResolutionException> FailAsync(StunServerQuery query) => Assert.ThrowsAsync<StunResolutionException>(() => LocateAsync(query));
}
