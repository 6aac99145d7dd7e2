using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation.Tests;

/// <summary>The product's NAT discovery as a program on a virtual host: an observer of NATs that knows nothing of the simulation.</summary>
internal sealed class NatDiscoveryProgram
{
    private readonly NatDiscovery _discovery;
    private readonly VirtualHost _host;
    private readonly TransportAddress _local;
    private readonly VirtualTimer _timer;
    private readonly List<VirtualSocket> _sockets = [];
    private readonly byte[] _buffer = new byte[64];

    private NatDiscoveryProgram(VirtualHost host, TransportAddress local, TransportAddress server, NatDiscoveryOptions? options)
    {
        _host = host;
        _local = local;
        _discovery = new NatDiscovery([server], host.Random, options);
        _timer = host.CreateTimer(() =>
        {
            _discovery.HandleTimeout(_host.Now);
            Drain();
        });
    }

    public static NatReport Run(VirtualHost host, TransportAddress local, TransportAddress server, NatDiscoveryOptions? options = null)
    {
        var program = new NatDiscoveryProgram(host, local, server, options);
        program._discovery.Start(host.Now);
        program.Drain();
        return host.Simulator.RunUntil(() => program._discovery.IsCompleted, TimeSpan.FromHours(2))
            ? program._discovery.Report
            : throw new InvalidOperationException("The discovery does not end.");
    }

    private void Drain()
    {
        while (_discovery.TryReadTransmit(_buffer, _host.Now, out NatTransmit transmit))
        {
            Socket(transmit.Socket).Send(transmit.Destination, _buffer.AsSpan(0, transmit.Length));
        }

        _timer.Due = _discovery.NextTimeout;
    }

    private VirtualSocket Socket(int number)
    {
        while (_sockets.Count <= number)
        {
            int index = _sockets.Count;
            VirtualSocket socket = _host.BindUdp(_local);
            socket.Received = (_, source, payload) =>
            {
                _discovery.HandleDatagram(index, payload, source, _host.Now);
                Drain();
            };
            _sockets.Add(socket);
            _discovery.HandleSocketBound(index, socket.Local);
        }

        return _sockets[number];
    }
}
