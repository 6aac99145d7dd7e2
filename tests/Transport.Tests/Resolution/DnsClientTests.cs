using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class DnsClientTests
{
    private const string Service = "_stun._udp.example.org";

    private static readonly byte[] Good = DnsWire.SrvContent(10, 5, 3478, DnsWire.Name("a.example.org"));
    private static readonly byte[] Forged = DnsWire.SrvContent(0, 0, 666, DnsWire.Name("evil.example"));
    private static readonly DnsServiceRecord GoodRecord = new(10, 5, 3478, "a.example.org");

    private readonly ManualTimeProvider _time = new();

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_ServerAnswers_GivesTheRecords()
    {
        await using ScriptedDnsServer server = new(exchange => [exchange.Answer(DnsWire.Srv, Good)]);

        DnsAnswer answer = await QueryAsync(server.EndPoint);

        Assert.Equal(DnsAnswerStatus.Found, answer.Status);
        Assert.Equal([GoodRecord], answer.Records);
        Assert.Contains(server.EndPoint.ToString(), answer.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_Twice_UsesAnotherIdPortAndCase()
    {
        await using ScriptedDnsServer server = new(exchange => [exchange.Answer(DnsWire.Srv, Good)]);
        DnsClient client = Client(2, server.EndPoint);

        await client.QueryAsync(Service, DnsRecordType.Srv, TimeSpan.FromSeconds(1), CancellationToken.None);
        await client.QueryAsync(Service + ".", DnsRecordType.Srv, TimeSpan.FromSeconds(1), CancellationToken.None);

        ScriptedDnsServer.Exchange[] heard = [.. server.Heard];
        Assert.Equal(2, heard.Length);
        Assert.NotEqual(heard[0].Query[..2], heard[1].Query[..2]);
        Assert.NotEqual(heard[0].Client.Port, heard[1].Client.Port);
        Assert.NotEqual(heard[0].Name, heard[1].Name);
        Assert.Equal(heard[0].Name, heard[1].Name, ignoreCase: true);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(0x8183, DnsAnswerStatus.NameUnknown, 1)]
    [InlineData(0x8180, DnsAnswerStatus.NoRecords, 1)]
    [InlineData(0x8182, DnsAnswerStatus.ServerFailure, 2)]
    [InlineData(0x8185, DnsAnswerStatus.ServerFailure, 2)]
    [InlineData(0x8100, DnsAnswerStatus.ServerFailure, 2)]
    public async Task Query_EmptyAnswer_SaysWhy(int flags, DnsAnswerStatus expected, int queries)
    {
        await using ScriptedDnsServer server = new(exchange => [DnsWire.Reply(exchange.Query, flags: flags).ToArray()]);

        DnsAnswer answer = await QueryAsync(server.EndPoint);

        Assert.Equal(expected, answer.Status);
        Assert.Empty(answer.Records);
        Assert.Equal(queries, server.Heard.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_UnknownNameWithRecords_IsUnknown()
    {
        await using ScriptedDnsServer server = new(exchange => [DnsWire.Reply(exchange.Query, 1, flags: 0x8183).Record(DnsWire.Pointer(12), DnsWire.Srv, Good).ToArray()]);

        Assert.Equal(DnsAnswerStatus.NameUnknown, (await QueryAsync(server.EndPoint)).Status);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_TruncatedAnswer_IsFetchedOverTcp()
    {
        await using ScriptedDnsServer server = new(exchange =>
            [exchange.IsTcp ? exchange.Answer(DnsWire.Srv, Good, Good) : DnsWire.Reply(exchange.Query, flags: 0x8380).ToArray()]);

        DnsAnswer answer = await QueryAsync(server.EndPoint);

        Assert.Equal([GoodRecord, GoodRecord], answer.Records);
        Assert.Equal([false, true], server.Heard.Select(exchange => exchange.IsTcp));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_ThousandRecordsOverTcp_AreBounded()
    {
        byte[][] many = [.. Enumerable.Repeat(Good, 1000)];
        await using ScriptedDnsServer server = new(exchange =>
            [exchange.IsTcp ? exchange.Answer(DnsWire.Srv, many) : DnsWire.Reply(exchange.Query, flags: 0x8380).ToArray()]);

        Assert.Equal(DnsResponse.MaxRecords, (await QueryAsync(server.EndPoint)).Records.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_TruncatedOverTcpToo_IsAFailure()
    {
        await using ScriptedDnsServer server = new(exchange => [DnsWire.Reply(exchange.Query, flags: 0x8380).ToArray()]);

        Assert.Equal(DnsAnswerStatus.ServerFailure, (await QueryAsync(server.EndPoint)).Status);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_ForgedIdFirst_WaitsForTheAnswer()
    {
        await using ScriptedDnsServer server = new(exchange =>
        {
            byte[] forged = exchange.Answer(DnsWire.Srv, Forged);
            forged[0] ^= 0x80;
            return [forged, [1, 2, 3], exchange.Query, exchange.Answer(DnsWire.Srv, Good)];
        });

        Assert.Equal([GoodRecord], (await QueryAsync(server.EndPoint)).Records);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_ForgedSource_IsNotHeard()
    {
        using Socket forger = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        forger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using ScriptedDnsServer server = new(exchange =>
        {
            forger.SendTo(exchange.Answer(DnsWire.Srv, Forged), exchange.Client);
            return [exchange.Answer(DnsWire.Srv, Good)];
        });

        Assert.Equal([GoodRecord], (await QueryAsync(server.EndPoint)).Records);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_FloodOfGuesses_GoesToTcp()
    {
        await using ScriptedDnsServer server = new(exchange =>
            exchange.IsTcp ? [exchange.Answer(DnsWire.Srv, Good)] : Enumerable.Repeat(new byte[40], 40));

        Assert.Equal([GoodRecord], (await QueryAsync(server.EndPoint)).Records);
        Assert.True(server.Heard.Last().IsTcp);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_OversizedDatagram_IsNotRead()
    {
        byte[][] many = [.. Enumerable.Repeat(Forged, 200)];
        await using ScriptedDnsServer server = new(exchange => [exchange.Answer(DnsWire.Srv, many), exchange.Answer(DnsWire.Srv, Good)]);

        Assert.Equal([GoodRecord], (await QueryAsync(server.EndPoint)).Records);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_NobodyListensAtTheFirst_AsksTheNext()
    {
        await using ScriptedDnsServer server = new(exchange => [exchange.Answer(DnsWire.Srv, Good)]);
        using Socket closed = ScriptedDnsServer.ReserveClosedPort();

        DnsAnswer answer = await QueryAsync((IPEndPoint)closed.LocalEndPoint!, server.EndPoint);

        Assert.Equal([GoodRecord], answer.Records);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_FirstServerIsSilent_AsksTheNextWithinItsShare()
    {
        // A budget of 1.2 s over two servers and two rounds: 300 ms for the first try.
        await using ScriptedDnsServer silent = new(_ => Silence(TimeSpan.FromMilliseconds(300)));
        await using ScriptedDnsServer server = new(exchange => [exchange.Answer(DnsWire.Srv, Good)]);

        DnsAnswer answer = await QueryAsync(silent.EndPoint, server.EndPoint);

        Assert.Equal([GoodRecord], answer.Records);
        Assert.Equal(TimeSpan.FromMilliseconds(300), _time.Elapsed);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_AllAreSilent_EndsWithTheBudget()
    {
        await using ScriptedDnsServer silent = new(_ => Silence(TimeSpan.FromMilliseconds(600)));

        DnsAnswer answer = await QueryAsync(silent.EndPoint);

        Assert.Equal(DnsAnswerStatus.NoAnswer, answer.Status);
        Assert.Equal(TimeSpan.FromSeconds(1.2), _time.Elapsed);
        Assert.Equal($"{silent.EndPoint}: no answer", answer.Detail);
        Assert.Equal(2, silent.Heard.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_LongBudget_IsCutToFiveSeconds()
    {
        await using ScriptedDnsServer silent = new(_ => Silence(TimeSpan.FromSeconds(2.5)));

        DnsAnswer answer = await Client(2, silent.EndPoint).QueryAsync(Service, DnsRecordType.Srv, TimeSpan.FromHours(1), CancellationToken.None);

        Assert.Equal(DnsAnswerStatus.NoAnswer, answer.Status);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Elapsed);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_NobodyListens_IsNoAnswerAtOnce()
    {
        using Socket closed = ScriptedDnsServer.ReserveClosedPort();

        DnsAnswer answer = await QueryAsync((IPEndPoint)closed.LocalEndPoint!);

        Assert.Equal(DnsAnswerStatus.NoAnswer, answer.Status);
        Assert.Contains("not reachable", answer.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_NoServerConfigured_IsNoAnswerAtOnce() => Assert.Equal(DnsAnswerStatus.NoAnswer, (await QueryAsync()).Status);

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_ServerFoldsCaseOrRefusesExtensions_IsAskedPlainly()
    {
        await using ScriptedDnsServer old = new(exchange =>
            [exchange.Query[11] != 0 ? DnsWire.Reply(exchange.Query, flags: 0x8181).ToArray() : exchange.Answer(DnsWire.Srv, Good)]);

        DnsAnswer answer = await QueryAsync(old.EndPoint);

        Assert.Equal([GoodRecord], answer.Records);
        Assert.Equal(Service, old.Heard.Last().Name);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_MalformedAnswer_AsksTheNext()
    {
        await using ScriptedDnsServer broken = new(exchange => [DnsWire.Reply(exchange.Query, answers: 65535).ToArray()]);
        await using ScriptedDnsServer server = new(exchange => [exchange.Answer(DnsWire.Srv, Good)]);

        Assert.Equal([GoodRecord], (await QueryAsync(broken.EndPoint, server.EndPoint)).Records);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Query_Cancelled_Throws()
    {
        using CancellationTokenSource cancel = new();
        await using ScriptedDnsServer silent = new(_ =>
        {
            cancel.Cancel();
            return [];
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Client(2, silent.EndPoint).QueryAsync(Service, DnsRecordType.Srv, TimeSpan.FromSeconds(1), cancel.Token));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("-h")]
    [InlineData("a b")]
    [InlineData("b\u00fccher.example")]
    public async Task Query_NoName_IsTheCallersMistake(string name) => await Assert.ThrowsAsync<ArgumentException>(
        () => Client(2).QueryAsync(name, DnsRecordType.Srv, TimeSpan.FromSeconds(1), CancellationToken.None));

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData((DnsRecordType)5, 1)]
    [InlineData(DnsRecordType.A, 0)]
    [InlineData(DnsRecordType.A, -1)]
    public async Task Query_TypeOrBudgetOutOfRange_IsTheCallersMistake(DnsRecordType type, int seconds) => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => Client(2).QueryAsync("example.org", type, TimeSpan.FromSeconds(seconds), CancellationToken.None));

    [Fact]
    public void Create_FourServers_IsTheCallersMistake() =>
        Assert.Throws<ArgumentException>(() => new DnsClient([.. Enumerable.Repeat(new IPEndPoint(IPAddress.Loopback, 53), 4)]));

    private IEnumerable<byte[]> Silence(TimeSpan time)
    {
        _time.Advance(time);
        return [];
    }

    private DnsClient Client(int attempts, params IPEndPoint[] servers) =>
        new(() => new NameServerSettings(servers, NameServerSettings.DefaultTimeout, attempts), _time, new SeededRandom(7));

    private Task<DnsAnswer> QueryAsync(params IPEndPoint[] servers) =>
        Client(2, servers).QueryAsync(Service, DnsRecordType.Srv, TimeSpan.FromSeconds(1.2), CancellationToken.None);
}
