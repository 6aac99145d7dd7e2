using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Signaling.Server.Tests;

/// <summary>A store of the test's own that keeps nothing on disk, so that one that is killed comes back empty.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string? _password;
    private LabProcess _process;

    private RedisServer(int port, string? password, LabProcess process) => (Port, _password, _process) = (port, password, process);

    public int Port { get; }

    public RedisEndPoint EndPoint => GetEndPoint(Port);

    public static async Task<RedisServer> StartAsync(string? password = null)
    {
        int port = LoopbackPorts.Take([IPAddress.Loopback], 1);
        return new RedisServer(port, password, await RunAsync(port, password));
    }

    /// <summary>The same store by another port, such as a proxy's.</summary>
    public RedisEndPoint GetEndPoint(int port)
        => RedisEndPoint.TryParse($"redis://{(_password is null ? "" : $":{_password}@")}127.0.0.1:{port}", out RedisEndPoint? where)
            ? where
            : throw new InvalidOperationException();

    /// <summary>Ends it as kill -9 does.</summary>
    public async Task KillAsync() => await _process.DisposeAsync();

    public async Task RestartAsync() => _process = await RunAsync(Port, _password);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<LabProcess> RunAsync(int port, string? password)
    {
        string[] arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"];
        LabProcess process = LabProcess.Start("redis-server", password is null ? arguments : [.. arguments, "--requirepass", password]);
        await process.WaitForLineAsync("Ready to accept connections", Patience.Limit);
        return process;
    }
}
