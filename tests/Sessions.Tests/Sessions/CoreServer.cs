using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Signaling;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Sessions.Tests;

/// <summary>The core of the signaling server on real sockets of loopback, and a clock that the test moves.</summary>
internal sealed class CoreServer : IAsyncDisposable, IRelayCredentials
{
    private readonly WebSocketListener _listener = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ConnectionId, (WebSocketPeer Socket, Channel<SignalingTransmit> Out)> _sockets = [];
    private readonly List<Task> _tasks = [];
    private readonly SeededRandom _random = new(5);
    private SignalingCore _core;
    private Instant _now = new(TimeSpan.TicksPerDay);

    public CoreServer()
    {
        _core = CreateCore();
        _tasks.Add(AcceptAllAsync());
    }

    public Uri Uri => _listener.Uri;

    /// <summary>What the peers are told.</summary>
    public RelayServers Relays { get; set; } = RelayServers.None;

    /// <summary>Whether requests are refused with 503 for now.</summary>
    public bool IsBusy { get; set; }

    /// <summary>How many sockets the core has.</summary>
    public int OpenSockets
    {
        get
        {
            lock (_gate)
            {
                return _sockets.Count;
            }
        }
    }

    RelayServers IRelayCredentials.Issue(string session, SessionPeer peer) => Relays;

    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
            while (_core.NextTimeout <= _now)
            {
                _core.HandleTimeout(_now);
                Drain();
            }
        }
    }

    /// <summary>Breaks all connections, as a network does.</summary>
    public void Break()
    {
        lock (_gate)
        {
            foreach ((WebSocketPeer socket, _) in _sockets.Values)
            {
                socket.Break();
            }
        }
    }

    /// <summary>Breaks the connection that was opened as the so-manieth of those that are open, counted from 0.</summary>
    public void Break(int number)
    {
        lock (_gate)
        {
            _sockets.OrderBy(static pair => pair.Key.Value).ElementAt(number).Value.Socket.Break();
        }
    }

    /// <summary>Forgets everything, as a process that was killed and started anew.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _core = CreateCore();
            foreach ((WebSocketPeer socket, Channel<SignalingTransmit> waiting) in _sockets.Values)
            {
                socket.Break();
                waiting.Writer.TryComplete();
            }

            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Break();
        await Task.WhenAll([.. _tasks]);
        _stopping.Dispose();
        _random.Dispose();
    }

    private SignalingCore CreateCore() => new(
        new SignalingLimits { ConnectsPerSecond = 1000, MaxConnectionsPerAddress = 1000, MessageBurst = 100_000, SessionMessagesPerSecond = 100_000 }, this, _random);

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                WebSocketRequest request = await _listener.AcceptAsync(_stopping.Token);
                if (IsBusy)
                {
                    await request.RefuseAsync(503);
                    continue;
                }

                await ServeAsync(request);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException or System.IO.IOException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(WebSocketRequest request)
    {
        string[] parts = request.Path.Split('?', 2);
        SignalingRefusal? refusal;
        ConnectionId id;
        SignalingCore core;
        lock (_gate)
        {
            core = _core;
            refusal = core.Connect(
                new ConnectRequest { Path = parts[0], Query = parts.Length > 1 ? parts[1] : "", Remote = TransportAddress.FromIPv4(0x7F000001, 9), UserAgent = "tests" }, _now, out id);
        }

        if (refusal is { } reason)
        {
            await request.RefuseAsync(reason == SignalingRefusal.NameTaken ? 409 : 404);
            return;
        }

        WebSocketPeer socket = await request.AcceptAsync();
        var channel = Channel.CreateUnbounded<SignalingTransmit>();
        lock (_gate)
        {
            _sockets[id] = (socket, channel);
            Drain();
            _tasks.Add(SendAllAsync(core, socket, channel.Reader));
            _tasks.Add(ReceiveAllAsync(core, id, socket));
        }
    }

    private async Task ReceiveAllAsync(SignalingCore core, ConnectionId id, WebSocketPeer socket)
    {
        while (await ReceiveAsync(socket) is { } message)
        {
            lock (_gate)
            {
                core.HandleMessage(id, Encoding.UTF8.GetBytes(message), _now);
                Drain();
            }
        }

        lock (_gate)
        {
            core.HandleClosed(id, socket.CloseCode ?? 0, _now);
            if (_sockets.TryGetValue(id, out (WebSocketPeer Socket, Channel<SignalingTransmit> Out) ended) && ended.Socket == socket)
            {
                _sockets.Remove(id);
                ended.Out.Writer.TryComplete();
            }

            Drain();
        }

        socket.Dispose();
    }

    private static async Task<string?> ReceiveAsync(WebSocketPeer socket)
    {
        try
        {
            return await socket.ReceiveAsync();
        }
        catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task SendAllAsync(SignalingCore core, WebSocketPeer socket, ChannelReader<SignalingTransmit> transmits)
    {
        try
        {
            await foreach (SignalingTransmit transmit in transmits.ReadAllAsync())
            {
                if (transmit.IsClose)
                {
                    await socket.CloseAsync(transmit.CloseCode);
                    continue;
                }

                await socket.SendAsync(transmit.Payload);
                lock (_gate)
                {
                    core.HandleSent(transmit.Connection);
                    Drain();
                }
            }
        }
        catch (Exception error) when (error is System.Net.WebSockets.WebSocketException or ObjectDisposedException or System.IO.IOException or InvalidOperationException)
        {
            // The receiver says so.
        }
    }

    // Under the lock.
    private void Drain()
    {
        while (_core.TryReadTransmit(out SignalingTransmit transmit))
        {
            if (_sockets.TryGetValue(transmit.Connection, out (WebSocketPeer Socket, Channel<SignalingTransmit> Out) to))
            {
                to.Out.Writer.TryWrite(transmit);
            }
        }

        while (_core.TryReadEvent(out _))
        {
        }
    }
}
