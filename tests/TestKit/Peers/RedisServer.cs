using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>A <c>redis-server</c> on loopback that keeps nothing on disk: one that is killed comes back empty. Needs <see cref="Requirement.Redis"/>.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string? _password;
    private LabProcess _process;

    private RedisServer(int port, string? password, LabProcess process) => (Port, _password, _process) = (port, password, process);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server as a URI, <c>redis://[:PASSWORD@]127.0.0.1:PORT</c>.</summary>
    public string Uri => GetUri(Port);

    /// <summary>Starts one on a port that is free.</summary>
    /// <param name="password">What its clients have to say; null for nothing.</param>
    /// <exception cref="InvalidOperationException">It did not come up; the message holds what it said.</exception>
    public static async Task<RedisServer> StartAsync(string? password = null)
    {
        int port = LoopbackPorts.Take([IPAddress.Loopback], 1);
        return new RedisServer(port, password, await RunAsync(port, password));
    }

    /// <summary>The same server by another port, such as a proxy's.</summary>
    /// <param name="port">A port on 127.0.0.1.</param>
    public string GetUri(int port)
        => string.Create(CultureInfo.InvariantCulture, $"redis://{(_password is null ? "" : $":{_password}@")}127.0.0.1:{port}");

    /// <summary>Ends it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync() => await _process.DisposeAsync();

    /// <summary>Starts it again, empty, on the same port.</summary>
    public async Task RestartAsync() => _process = await RunAsync(Port, _password);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<LabProcess> RunAsync(int port, string? password)
    {
        string[] arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"];
        LabProcess process = LabProcess.Start("redis-server", password is null ? arguments : [.. arguments, "--requirepass", password]);
        try
        {
            await process.WaitForLineAsync("Ready to accept connections", StartTimeout);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
