using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Drives a <see cref="NatDiscovery"/> with sockets and a clock; its inputs are taken one at a time under a lock.</summary>
internal sealed class NatDiscoveryLoop : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly NatDiscoveryClientOptions _options;
    private readonly MonotonicClock _clock;
    private readonly NatDiscovery _discovery;
    private readonly IPAddress _local;
    private readonly Dictionary<int, Socket> _sockets = [];
    private readonly List<Task> _receiving = [];
    private readonly TaskCompletionSource<NatReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly byte[] _buffer = new byte[256];
    private readonly SocketAddress _destination;
    private bool _disposed;

    public NatDiscoveryLoop(IReadOnlyList<TransportAddress> servers, NatDiscoveryClientOptions options)
    {
        _options = options;
        _clock = new MonotonicClock(options.TimeProvider);
        _discovery = new NatDiscovery(servers, _random, options.Discovery);
        IPEndPoint first = servers[0].ToIPEndPoint();
        _local = options.Local ?? FindSource(first);
        CheckLocal(_local, first.AddressFamily);
        _destination = first.Serialize();
        _timer = options.TimeProvider.CreateTimer(static state => ((NatDiscoveryLoop)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public async Task<NatReport> RunAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _discovery.Start(_clock.Now);
            Pump();
        }

        try
        {
            return await _completion.Task
                .WaitAsync(_options.Timeout ?? Timeout.InfiniteTimeSpan, _options.TimeProvider, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _discovery.Stop(_clock.Now);
                return _discovery.Report;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] receiving;
        lock (_gate)
        {
            _disposed = true;
            receiving = [.. _receiving];
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (Socket socket in _sockets.Values)
        {
            socket.Dispose();
        }

        await Task.WhenAll(receiving).ConfigureAwait(false);
        _stopping.Dispose();
        _random.Dispose();
    }

    private static IPAddress FindSource(IPEndPoint server)
    {
        try
        {
            return UdpSockets.GetSourceAddress(server);
        }
        catch (SocketException error)
        {
            throw new StunException(
                StunFailure.Unreachable,
                $"This machine has no way to {server}: {error.Message}.",
                "Check the network connection, or choose the other address family.",
                error);
        }
    }

    // A socket that cannot be bound later would look like a network that lets nothing through.
    private static void CheckLocal(IPAddress local, AddressFamily family)
    {
        try
        {
            if (local.AddressFamily != family)
            {
                throw new SocketException((int)SocketError.AddressFamilyNotSupported);
            }

            using Socket probe = UdpSockets.Open(family);
            probe.Bind(new IPEndPoint(local, 0));
        }
        catch (SocketException error)
        {
            throw StunFailures.FromLocal(error);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _discovery.HandleTimeout(_clock.Now);
                Pump();
            }
        }
    }

    // The polling order of the core: transmits, then evidence, then the next deadline.
    private void Pump()
    {
        while (_discovery.TryReadTransmit(_buffer, _clock.Now, out NatTransmit transmit))
        {
            Send(transmit);
        }

        while (_discovery.TryReadEvidence(out NatEvidence? evidence))
        {
            Report(evidence);
        }

        if (_discovery.IsCompleted)
        {
            _completion.TrySetResult(_discovery.Report);
        }

        if (_discovery.NextTimeout is { } next)
        {
            // Timers count whole milliseconds: rounding down would wake too early and spin.
            double wait = Math.Max(1, Math.Ceiling((next - _clock.Now).TotalMilliseconds));
            _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        }
    }

    // The caller's code: what it throws is the caller's to see, and must end neither the receive loop nor, from the timer, the process.
    private void Report(NatEvidence evidence)
    {
        try
        {
            _options.Progress?.Invoke(evidence);
        }
        catch (Exception error)
        {
            _completion.TrySetException(error);
        }
    }

    private void Send(NatTransmit transmit)
    {
        try
        {
            Socket socket = GetSocket(transmit.Socket);
            SocketAddressConversion.Write(transmit.Destination, _destination);
            Trace(true, transmit.Destination, _buffer.AsSpan(0, transmit.Length));
            socket.SendTo(_buffer.AsSpan(0, transmit.Length), SocketFlags.None, _destination);
        }
        catch (SocketException)
        {
            _discovery.HandleUnreachable(transmit.Socket, transmit.Destination, _clock.Now);
        }
    }

    private Socket GetSocket(int number)
    {
        if (_sockets.TryGetValue(number, out Socket? socket))
        {
            return socket;
        }

        // Not connected: answers must be able to come from the server's other address.
        socket = UdpSockets.Open(_local.AddressFamily);
        try
        {
            socket.Bind(new IPEndPoint(_local, 0));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _sockets.Add(number, socket);
        _discovery.HandleSocketBound(number, UdpSockets.GetLocal(socket));
        _receiving.Add(ReceiveAsync(number, socket));
        return socket;
    }

    private async Task ReceiveAsync(int number, Socket socket)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(UdpSockets.ReceiveBufferSize);
        var source = new SocketAddress(socket.AddressFamily);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                int length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, source, _stopping.Token).ConfigureAwait(false);
                if (length < buffer.Length)
                {
                    Handle(number, buffer.AsSpan(0, length), SocketAddressConversion.ToTransportAddress(source));
                }
            }
            catch (SocketException error) when (UdpSockets.IsTransient(error.SocketErrorCode))
            {
                // The socket is not connected, so nobody knows whom this is about.
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void Handle(int number, ReadOnlySpan<byte> datagram, TransportAddress source)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                Trace(false, source, datagram);
                _discovery.HandleDatagram(number, datagram, source, _clock.Now);
                Pump();
            }
        }
    }

    private void Trace(bool sent, TransportAddress remote, ReadOnlySpan<byte> message)
        => _options.Trace?.Invoke(new StunTrace(sent, remote.ToIPEndPoint(), StunTransport.Udp, message.ToArray()));
}
