using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// The TCP connections of one local address: made where it is active, accepted where it is passive (RFC 6544). An accepted connection has to begin
/// with a check of this session, soon, or it is closed: a port scanner costs a descriptor for that long, and nothing else.
/// </summary>
internal sealed class TcpBase(IceDriver driver, TimeProvider timeProvider, Socket? listener) : IceBase
{
    /// <summary>Accepted connections that have not proven themselves; a bound of ours.</summary>
    public const int MaxUnproven = 16;

    /// <summary>Connections of one base; a bound of ours.</summary>
    public const int MaxConnections = 64;

    private static readonly TimeSpan FirstPacketTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcceptBackoff = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<TransportAddress, FramedConnection> _connections = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly RunningTasks _tasks = new();
    private int _unproven;
    private bool _disposed;

    /// <summary>The fragment that first checks name; read when one comes.</summary>
    public required Func<string> Fragment { get; init; }

    public override StunTransport Transport => StunTransport.Tcp;

    /// <summary>Begins to accept, where it is passive.</summary>
    public void Start()
    {
        if (listener is not null)
        {
            _tasks.Add(Task.Run(AcceptAsync));
        }
    }

    /// <summary>Makes a connection and tells the agent. Under the driver's lock.</summary>
    public void Connect(TransportAddress remote)
    {
        if (!_stopping.IsCancellationRequested)
        {
            _tasks.Add(Task.Run(() => ConnectAsync(remote)));
        }
    }

    /// <summary>Closes a connection. Under the driver's lock.</summary>
    public void Disconnect(TransportAddress remote)
    {
        FramedConnection? connection;
        lock (_gate)
        {
            _connections.Remove(remote, out connection);
        }

        if (connection is not null)
        {
            _tasks.Add(Task.Run(() => connection.DisposeAsync().AsTask()));
        }
    }

    public override bool Send(ReadOnlySpan<byte> packet, TransportAddress destination)
    {
        FramedConnection? connection;
        lock (_gate)
        {
            _connections.TryGetValue(destination, out connection);
        }

        connection?.Send(packet);
        return connection is not null;
    }

    public override async ValueTask DisposeAsync()
    {
        FramedConnection[] open;
        lock (_gate)
        {
            _disposed = true;
            open = [.. _connections.Values];
            _connections.Clear();
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        listener?.Dispose();
        foreach (FramedConnection connection in open)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        await _tasks.WaitAsync().ConfigureAwait(false);
    }

    private async Task ConnectAsync(TransportAddress remote)
    {
        Socket? socket = null;
        using var patience = new CancellationTokenSource(ConnectTime, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        try
        {
            if (!ForbiddenPorts.Contains(remote.Port))
            {
                IPEndPoint to = remote.ToIPEndPoint();
                socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(Local.WithPort(0).ToIPEndPoint());
                await socket.ConnectAsync(to, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket?.Dispose();
            socket = null;
        }

        if (socket is null)
        {
            Lose(remote);
            return;
        }

        var connection = new FramedConnection(socket, remote);
        if (TryAdd(connection))
        {
            Tell(remote);
            await ServeAsync(connection, patience: null, packet => Deliver(remote, packet)).ConfigureAwait(false);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listener!.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                Admit(socket);
            }
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // Out of descriptors, or a connection that was gone before it was accepted: neither may end the loop, nor spin.
                await Task.Delay(AcceptBackoff, timeProvider).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (socket.RemoteEndPoint is IPEndPoint remote && Interlocked.Increment(ref _unproven) <= MaxUnproven)
        {
            var connection = new FramedConnection(socket, DatagramSocket.WithoutScope(TransportAddress.FromIPEndPoint(remote).Unmapped));
            _tasks.Add(Task.Run(() => ServeAcceptedAsync(connection)));
            return;
        }

        Interlocked.Decrement(ref _unproven);
        socket.Dispose();
    }

    private async Task ServeAcceptedAsync(FramedConnection connection)
    {
        bool isProven = false;
        await using (_stopping.Token.UnsafeRegister(static state => _ = ((FramedConnection)state!).DisposeAsync().AsTask(), connection).ConfigureAwait(false))
        {
            await ServeAsync(connection, FirstPacketTime, Receive).ConfigureAwait(false);
        }

        if (!isProven)
        {
            Interlocked.Decrement(ref _unproven);
        }

        bool Receive(ReadOnlySpan<byte> packet)
        {
            if (isProven)
            {
                return Deliver(connection.Remote, packet);
            }

            if (!IsForUs(packet) || !TryAdd(connection))
            {
                return false;
            }

            isProven = true;
            Interlocked.Decrement(ref _unproven);
            Tell(connection.Remote);
            return driver.Deliver(Id, connection.Remote, packet) is null or IceDisposition.Taken;
        }
    }

    private bool IsForUs(ReadOnlySpan<byte> packet)
        => UsernameFragments.TryRead(packet, out UsernameFragments fragments) && fragments.Receiver.SequenceEqual(System.Text.Encoding.Latin1.GetBytes(Fragment()));

    private async Task ServeAsync(FramedConnection connection, TimeSpan? patience, FramedConnection.Receiver receiver)
    {
        connection.Start();
        await connection.ReceiveAsync(receiver, patience, timeProvider).ConfigureAwait(false);
        bool wasKnown;
        lock (_gate)
        {
            wasKnown = _connections.TryGetValue(connection.Remote, out FramedConnection? known) && known == connection && _connections.Remove(connection.Remote);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        if (wasKnown)
        {
            Lose(connection.Remote);
        }
    }

    private bool Deliver(TransportAddress remote, ReadOnlySpan<byte> packet)
    {
        driver.Deliver(Id, remote, packet);
        return true;
    }

    private bool TryAdd(FramedConnection connection)
    {
        lock (_gate)
        {
            if (!_disposed && _connections.Count < MaxConnections && _connections.TryAdd(connection.Remote, connection))
            {
                return true;
            }
        }

        _tasks.Add(connection.DisposeAsync().AsTask());
        return false;
    }

    private void Tell(TransportAddress remote)
    {
        using IceDriver.Scope scope = driver.Enter();
        if (!driver.IsDisposed)
        {
            driver.Agent.HandleConnected(Id, remote, driver.Now);
        }
    }

    private void Lose(TransportAddress remote)
    {
        using IceDriver.Scope scope = driver.Enter();
        if (!driver.IsDisposed)
        {
            driver.Agent.HandleConnectionLost(Id, remote, driver.Now);
        }
    }
}
