using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>RFC 5928 section 3, case by case; security.md C19.</summary>
public sealed class TurnServerLocatorTests
{
    private static readonly StunTransport[] UdpAndTcp = [StunTransport.Udp, StunTransport.Tcp];
    private static readonly StunTransport[] All = [StunTransport.Udp, StunTransport.Tcp, StunTransport.Tls];

    private readonly ScriptedNames _names = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("turn:192.0.2.7", "192.0.2.7:3478 Udp, 192.0.2.7:3478 Tcp")]
    [InlineData("turn:192.0.2.7:99", "192.0.2.7:99 Udp, 192.0.2.7:99 Tcp")]
    [InlineData("turn:192.0.2.7?transport=tcp", "192.0.2.7:3478 Tcp")]
    [InlineData("turns:192.0.2.7", "192.0.2.7:5349 Tls")]
    public async Task Literal_NeedsNoLookup(string uri, string expected)
    {
        Assert.Equal(expected, await LocateAsync(uri, All[..(uri.StartsWith("turns", StringComparison.Ordinal) ? 3 : 2)]));
        Assert.Empty(_names.Asked);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task NameWithPort_AsksForAddressesAlone()
    {
        _names.Host("turn.example.org", "192.0.2.7");
        Assert.Equal("192.0.2.7:99 Udp, 192.0.2.7:99 Tcp", await LocateAsync("turn:turn.example.org:99", UdpAndTcp));
        Assert.All(_names.Asked, static asked => Assert.Equal("turn.example.org", asked));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("turn:example.org?transport=udp", "_turn._udp.example.org", "Udp")]
    [InlineData("turn:example.org?transport=tcp", "_turn._tcp.example.org", "Tcp")]
    [InlineData("turns:example.org?transport=tcp", "_turns._tcp.example.org", "Tls")]
    public async Task NameWithTransport_AsksForThatServiceWithoutNaptr(string uri, string service, string transport)
    {
        _names.Service(service, new DnsServiceRecord(0, 0, 4000, "a.example.org")).Host("a.example.org", "192.0.2.7");
        Assert.Equal($"192.0.2.7:4000 {transport}", await LocateAsync(uri, All));
        Assert.DoesNotContain(_names.Asked, static asked => asked.StartsWith("Naptr", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Name_NaptrRanksTheTransports()
    {
        Names(
            new DnsNamingRecord(100, 10, "S", "RELAY:turn.udp", "_turn._udp.example.net"),
            new DnsNamingRecord(50, 20, "s", "relay:turn.tls:turn.tcp", "_pointed.example.net"),
            new DnsNamingRecord(50, 10, "A", "RELAY:turn.tcp", "direct.example.net"),
            new DnsNamingRecord(1, 1, "S", "SIP+D2U", "_sip._udp.example.net"));
        _names.Service("_turn._udp.example.net", new DnsServiceRecord(0, 0, 4001, "u.example.net"))
            .Service("_pointed.example.net", new DnsServiceRecord(0, 0, 4002, "t.example.net"))
            .Host("u.example.net", "192.0.2.1").Host("t.example.net", "192.0.2.2").Host("direct.example.net", "192.0.2.3");
        Assert.Equal("192.0.2.3:3478 Tcp, 192.0.2.2:4002 Tcp, 192.0.2.1:4001 Udp", await LocateAsync("turn:example.org", UdpAndTcp));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Name_NaptrWithoutAFlag_IsFollowedOneStep()
    {
        Names(new DnsNamingRecord(1, 1, "", "RELAY:turn.udp", "next.example.net"));
        _names.Service("next.example.net", DnsAnswerStatus.NoRecords);
        NamesAt("next.example.net", new DnsNamingRecord(1, 1, "S", "RELAY:turn.udp", "_turn._udp.example.net"), new DnsNamingRecord(2, 1, "", "RELAY:turn.udp", "next.example.net"));
        _names.Service("_turn._udp.example.net", new DnsServiceRecord(0, 0, 4001, "u.example.net")).Host("u.example.net", "192.0.2.1");
        Assert.Equal("192.0.2.1:4001 Udp", await LocateAsync("turn:example.org", UdpAndTcp));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Name_WithoutNaptr_GoesByServiceRecordsOfEachTransport()
    {
        _names.Service("_turn._tcp.example.org", new DnsServiceRecord(0, 0, 4002, "t.example.org"))
            .Host("t.example.org", "192.0.2.2").Host("example.org", "192.0.2.9");
        Assert.Equal("192.0.2.9:3478 Udp, 192.0.2.2:4002 Tcp", await LocateAsync("turn:example.org", UdpAndTcp));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task SecureName_AsksForTlsAlone()
    {
        Names(
            new DnsNamingRecord(1, 1, "S", "RELAY:turn.udp", "_turn._udp.example.net"),
            new DnsNamingRecord(2, 1, "S", "RELAY:turn.tls", "_turns._tcp.example.net"));
        _names.Service("_turns._tcp.example.net", new DnsServiceRecord(0, 0, 443, "s.example.net")).Host("s.example.net", "192.0.2.4");
        IReadOnlyList<TurnServerAddress> found = await Locator.LocateAsync(StunServerReference.Parse("turns:example.org"), All, AddressFamily.Unspecified, default);
        TurnServerAddress only = Assert.Single(found);
        Assert.Equal(("192.0.2.4:443", StunTransport.Tls, "example.org"), (only.EndPoint.ToString(), only.Transport, only.HostName));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C19_ManyRecords_AreBounded()
    {
        Names([.. Enumerable.Range(1, 1000).Select(static i => new DnsNamingRecord(i, 1, "S", "RELAY:turn.udp", $"_turn._udp.n{i}.example.net"))]);
        for (int i = 1; i <= 1000; i++)
        {
            _names.Service($"_turn._udp.n{i}.example.net", [.. Enumerable.Range(1, 50).Select(port => new DnsServiceRecord(0, 0, port, $"n{i}.example.net"))])
                .Host($"n{i}.example.net", [.. Enumerable.Range(1, 100).Select(host => $"192.0.{i % 200}.{host}")]);
        }

        IReadOnlyList<TurnServerAddress> found = await Locator.LocateAsync(StunServerReference.Parse("turn:example.org"), UdpAndTcp, AddressFamily.Unspecified, default);
        Assert.Equal(TurnServerLocator.MaxAddresses, found.Count);
        Assert.InRange(_names.Asked.Count, 1, 60);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C19_SilentNaptr_CostsItsBudgetAndNoMore()
    {
        var time = new ManualTimeProvider();
        var silence = new TaskCompletionSource<DnsAnswer>();
        _names.Services["example.org"] = () => silence.Task;
        _names.Host("example.org", "192.0.2.9");
        var locator = new TurnServerLocator(_names, _names, time);
        Task<IReadOnlyList<TurnServerAddress>> locating = locator.LocateAsync(StunServerReference.Parse("turn:example.org"), UdpAndTcp, AddressFamily.Unspecified, default);
        IReadOnlyList<TurnServerAddress> found = await time.RunAsync(locating);
        Assert.Equal(2, found.Count);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1.7));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task C19_NoAddress_IsAClearError()
    {
        StunResolutionException error = await Assert.ThrowsAsync<StunResolutionException>(() => LocateAsync("turn:nowhere.example.org", UdpAndTcp));
        Assert.Contains("nowhere.example.org", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => LocateAsync("turns:example.org", UdpAndTcp));
    }

    private TurnServerLocator Locator => new(_names, _names);

    private void Names(params DnsNamingRecord[] records) => NamesAt("example.org", records);

    private void NamesAt(string name, params DnsNamingRecord[] records)
        => _names.Services[name] = () => Task.FromResult(new DnsAnswer(DnsAnswerStatus.Found, records, "scripted"));

    private async Task<string> LocateAsync(string uri, StunTransport[] transports)
    {
        IReadOnlyList<TurnServerAddress> found = await Locator.LocateAsync(StunServerReference.Parse(uri), transports, AddressFamily.Unspecified, CancellationToken.None);
        return string.Join(", ", found.Select(static address => $"{address.EndPoint} {address.Transport}"));
    }
}
