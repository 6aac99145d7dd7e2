using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Stack.Transport;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class ServerLoggerTests : IDisposable
{
    private const int Patience = 60_000;

    private readonly ManualTimeProvider _time = new();
    private readonly RecordingStream _stream = new();

    public void Dispose() => _stream.Dispose();

    private ServerLogger Start(ServerLogLevel level = ServerLogLevel.Information)
        => new(new LogSink(() => _stream, _time), new LogSettings { Level = level }, _time);

    private static ServerLogRecord Record(string @class, uint source, ServerLogLevel level = ServerLogLevel.Information, bool isUnbounded = true)
        => new(level, @class, "m") { Source = TransportAddress.FromIPv4(source, 4000), IsUnbounded = isUnbounded };

    [Fact]
    public async Task Write_OneClassAndSource_IsALineInTenSeconds()
    {
        ServerLogger logger = Start();
        uint source = FindApart(static source => [Record("a", source), Record("b", source), Record("a", source + 1)]);
        for (int i = 0; i < 100; i++)
        {
            logger.Write(Record("a", source));
        }

        logger.Write(Record("b", source));
        logger.Write(Record("a", source + 1));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        logger.Write(Record("a", source));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        logger.Write(Record("a", source));
        await logger.DisposeAsync();
        Assert.Equal(
            ["00.000 a one", "00.000 b one", "00.000 a other", "10.000 log-suppressed a=100", "10.000 a one"],
            _stream.Lines.Select(line => Brief(line, source)));
    }

    [Fact]
    public async Task Write_PortsOfOneAddressAndAddressesOfOneNetwork_ShareTheLine()
    {
        ServerLogger logger = Start();
        uint source = FindApart(static source => [OfPort(source, 0), OfNetwork(0)]);
        for (ushort i = 0; i < 50; i++)
        {
            logger.Write(OfPort(source, i));
            logger.Write(OfNetwork(i));
        }

        await logger.DisposeAsync();
        Assert.Equal(3, _stream.Lines.Length);

        static ServerLogRecord OfPort(uint address, ushort port)
            => new(ServerLogLevel.Error, "a", "m") { Source = TransportAddress.FromIPv4(address, port) };

        static ServerLogRecord OfNetwork(uint host)
            => new(ServerLogLevel.Error, "a", "m") { Source = TransportAddress.FromIPv6(new UInt128(0x20010DB8_00000000, host), 1) };
    }

    [Fact]
    public async Task Write_ManySources_Are200LinesASecondInAll()
    {
        ServerLogger logger = Start();
        for (uint second = 0; second < 3; second++)
        {
            for (uint i = 1; i <= 1000; i++)
            {
                logger.Write(Record("a", (second * 1000) + i));
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await logger.DisposeAsync();
        Assert.Equal(600, _stream.Lines.Count(line => line.Contains(" a ", StringComparison.Ordinal)));
        Assert.Contains("log-suppressed: Records were left out. a=2400", _stream.Lines[^1], StringComparison.Ordinal);
    }

    // What quotas bound, such as the end of an allocation, is for the audit: each is written, up to the limit of all.
    [Fact]
    public async Task Write_BoundedRecords_AreLimitedInAllAlone()
    {
        ServerLogger logger = Start();
        for (int i = 0; i < 250; i++)
        {
            logger.Write(Record("ended", 1, isUnbounded: false));
        }

        await logger.DisposeAsync();
        Assert.Equal(200, _stream.Lines.Count(line => line.Contains("ended", StringComparison.Ordinal) && !line.Contains("suppressed", StringComparison.Ordinal)));
        Assert.EndsWith("ended=50", _stream.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_BelowTheLevel_IsNothing()
    {
        ServerLogger logger = Start(ServerLogLevel.Warning);
        logger.Write(Record("a", 1, ServerLogLevel.Debug, isUnbounded: false));
        logger.Write(Record("a", 1, ServerLogLevel.Information, isUnbounded: false));
        logger.Write(Record("a", 1, ServerLogLevel.Warning, isUnbounded: false));
        logger.Write(Record("b", 1, ServerLogLevel.Error, isUnbounded: false));
        logger.Reconfigure(new LogSettings { Level = ServerLogLevel.Error, Format = LogFormat.Json });
        logger.Write(Record("c", 1, ServerLogLevel.Warning, isUnbounded: false));
        logger.Write(Record("d", 1, ServerLogLevel.Error, isUnbounded: false));
        await logger.DisposeAsync();
        Assert.Equal(3, _stream.Lines.Length);
        Assert.StartsWith("{", _stream.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ClassesWithoutEnd_AreCountedInABoundedTable()
    {
        ServerLogger logger = Start();
        for (int i = 0; i < 5000; i++)
        {
            logger.Write(Record($"class-{i}", 1));
        }

        await logger.DisposeAsync();
        string summary = _stream.Lines[^1];
        Assert.Contains("other=", summary, StringComparison.Ordinal);
        Assert.True(summary.Length < 4000);
    }

    // A full disk: lines are dropped and counted, and once there is room the log goes on, on a line of its own.
    [Fact(Timeout = Patience)]
    public async Task Write_FailingStream_DropsCountsAndRecovers()
    {
        ServerLogger logger = Start();
        logger.Write(Record("before", 1, isUnbounded: false));
        await _stream.WaitForLinesAsync(1);
        _stream.IsFailing = true;
        logger.Write(Record("lost", 1, isUnbounded: false));
        logger.Write(Record("lost", 2, isUnbounded: false));
        await _stream.WaitForFailuresAsync(2);
        _stream.IsFailing = false;
        logger.Write(Record("after", 1, isUnbounded: false));
        await _stream.WaitForLinesAsync(3);
        await logger.DisposeAsync();
        Assert.Equal(2, logger.Dropped);
        Assert.Equal(
            ["before", "halfhalf", "after", "log-suppressed"],
            _stream.Lines.Select(line => line.Split(' ', ':') is { Length: > 5 } words ? words[4] : line));
        Assert.EndsWith("dropped=2", _stream.Lines[^1], StringComparison.Ordinal);
        Assert.True(_stream.IsDisposed);
    }

    // A pipe that nobody reads: whoever logs goes on, and so does the end of the server.
    [Fact]
    public async Task Write_StuckStream_NeitherWaitsNorGrows()
    {
        _stream.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ServerLogger logger = Start();
        for (uint i = 0; i < 5000; i++)
        {
            logger.Write(Record("a", i, isUnbounded: false));
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(logger.Dropped, 5000 - 1026, 5000 - 1024 + 5);
        Task end = logger.DisposeAsync().AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        await end;
        Assert.False(_stream.IsDisposed);
        _stream.Held.SetResult();
    }

    [Fact]
    public async Task Reopen_FileMovedAway_IsMadeAnew()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("serve.log");
        await using (ServerLogger logger = new(new LogSink(() => LogSink.OpenFile(path), _time), new LogSettings(), _time))
        {
            logger.Write(Record("first", 1));
        }

        await using (ServerLogger logger = new(new LogSink(() => LogSink.OpenFile(path), _time), new LogSettings(), _time))
        {
            File.Move(path, folder.File("serve.log.1"));
            logger.Reconfigure(new LogSettings());
            logger.Write(Record("second", 1));
        }

        Assert.Contains("first", await File.ReadAllTextAsync(folder.File("serve.log.1")), StringComparison.Ordinal);
        Assert.Contains("second", Assert.Single(await File.ReadAllLinesAsync(path)), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task Write_FromManyThreads_KeepsLinesWhole()
    {
        ServerLogger logger = Start();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (uint i = 0; i < 500; i++)
            {
                logger.Write(Record("a", ((uint)thread * 1000) + i));
            }
        })));
        await logger.DisposeAsync();
        Assert.Equal(201, _stream.Lines.Length);
        Assert.All(_stream.Lines, line => Assert.StartsWith("1970-01-01T00:00:00.000Z ", line, StringComparison.Ordinal));
    }

    // Classes and sources that meet in the table share a line, and where they meet is drawn anew in each process: an address is looked for whose records do not.
    private uint FindApart(Func<uint, ServerLogRecord[]> records) => Enumerable.Range(1, 100).Select(static number => (uint)number).First(source =>
    {
        var limit = new LogRateLimit(_time);
        return records(source).All(record => limit.Admit(record.Class, record.Source, record.IsUnbounded));
    });

    private static string Brief(string line, uint source)
    {
        string[] words = line.Split(' ');
        string time = words[0][17..23];
        return words[2].StartsWith("log-", StringComparison.Ordinal)
            ? $"{time} {words[2].TrimEnd(':')} {words[^1]}"
            : $"{time} {words[2]} {(words[3].StartsWith($"0.0.0.{source}:", StringComparison.Ordinal) ? "one" : "other")}";
    }
}
