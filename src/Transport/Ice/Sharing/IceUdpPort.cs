using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// One UDP port for any number of connections, so that a server needs one hole in its firewall. Connections are told apart by their username fragments
/// and then by the addresses they talk to; what comes for nobody is counted and leaves no trace. One that is slow or closed never disturbs another.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Dispose of the connections first. The meter <c>Stack.Ice</c> has <c>ice.port.strangers</c> and <c>ice.port.strays</c>.
/// </remarks>
/// <example>
/// <code>
/// await using IceUdpPort port = IceUdpPort.Open(new IceUdpPortOptions { Port = 3479 });
/// await using var ice = new IceConnection(new IceOptions { SharedPort = port, Role = IceRole.Controlled });
/// </code>
/// </example>
public sealed class IceUdpPort : IAsyncDisposable
{
    private const int StrangerCapacity = 64;

    private readonly List<SharedSocket> _sockets = [];
    private readonly Channel<IceStrangerCheck> _strangers = Channel.CreateBounded<IceStrangerCheck>(StrangerCapacity);
    private readonly Meter _meter;
    private long _strangerCount;
    private long _strayCount;
    private int _disposed;

    private IceUdpPort()
    {
        _meter = new Meter(new MeterOptions(IceMetrics.MeterName) { Scope = this });
        _meter.CreateObservableCounter("ice.port.strangers", () => Strangers, "{message}", "Checks for sessions that there are not.");
        _meter.CreateObservableCounter("ice.port.strays", () => Strays, "{packet}", "Datagrams that are for nobody.");
    }

    /// <summary>Where it listens: one endpoint for each address, all with the same port.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>How many checks came for sessions that there are not.</summary>
    public long Strangers => Interlocked.Read(ref _strangerCount);

    /// <summary>How many other datagrams came for nobody.</summary>
    public long Strays => Interlocked.Read(ref _strayCount);

    internal IReadOnlyList<SharedSocket> Sockets => _sockets;

    /// <summary>Opens the port on all addresses.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="SocketException">The first address or the port cannot be used; other addresses that cannot are left out.</exception>
    /// <exception cref="ArgumentException">The options are out of their ranges, or there is no address.</exception>
    public static IceUdpPort Open(IceUdpPortOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.MaxDatagramSize is < 576 or > 65535 || options.Port is < 0 or > 65535)
        {
            throw new ArgumentException("The longest datagram is 576 to 65535 bytes, the port 0 to 65535.", nameof(options));
        }

        TransportAddress[] addresses = options.Addresses is { } given
            ? [.. given.Select(static address => TransportAddress.FromIPAddress(address, 0).Unmapped)]
            : [.. HostAddressSelection.Select(options.Interfaces.List(), options.InterfaceFilter, options.AllowsLoopback).Select(static host => host.Address)];
        if (addresses.Length == 0 || Array.Exists(addresses, static address => address.IsUnspecified))
        {
            throw new ArgumentException("A shared port needs concrete addresses, since candidates have to name one.", nameof(options));
        }

        var port = new IceUdpPort();
        int number = options.Port;
        foreach (TransportAddress address in addresses)
        {
            try
            {
                var socket = DatagramSocket.Open(address, number, options.MaxDatagramSize, options.SocketBufferSize);
                number = socket.Local.Port;
                port._sockets.Add(new SharedSocket(socket, port));
            }
            catch (SocketException) when (port._sockets.Count != 0)
            {
                // An address that cannot be used, such as a tentative one, does not cost the others.
            }
        }

        port.EndPoints = [.. port._sockets.Select(static socket => socket.Local.ToIPEndPoint())];
        foreach (SharedSocket socket in port._sockets)
        {
            socket.Start();
        }

        return port;
    }

    /// <summary>
    /// Waits for a check that is for no session: a server that lets peers begin learns of them so. Of what nobody reads, 64 are kept. Nothing in it
    /// is proven.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObjectDisposedException">The port is disposed of.</exception>
    public async ValueTask<IceStrangerCheck> ReadStrangerAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _strangers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new ObjectDisposedException("The port is disposed of.", error);
        }
    }

    /// <summary>Closes the sockets. Connections that still use them lose their paths.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _strangers.Writer.TryComplete();
        foreach (SharedSocket socket in _sockets)
        {
            await socket.DisposeAsync().ConfigureAwait(false);
        }

        _meter.Dispose();
    }

    internal void NoteStranger(in UsernameFragments fragments, TransportAddress source)
    {
        Interlocked.Increment(ref _strangerCount);
        if (_strangers.Reader.Count < StrangerCapacity)
        {
            string receiver = Encoding.Latin1.GetString(fragments.Receiver);
            _strangers.Writer.TryWrite(new IceStrangerCheck(receiver, Encoding.Latin1.GetString(fragments.Sender), source));
        }
    }

    internal void NoteStray() => Interlocked.Increment(ref _strayCount);
}
