using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;

namespace Stack.Simulation.Tests;

/// <summary>Short words for building networks and sending texts.</summary>
internal static class Scene
{
    public static TransportAddress At(string text) => Endpoint.Parse(text);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>A host on the internet.</summary>
    public static VirtualHost PublicHost(this Simulator simulator, string name, params string[] addresses)
    {
        VirtualHost host = simulator.CreateHost(name);
        host.AddInterface(simulator.Internet, addresses[0], addresses[1..]);
        return host;
    }

    /// <summary>A host behind a NAT of its own.</summary>
    public static (VirtualHost Host, NatRouter Nat) NattedHost(
        this Simulator simulator, string name, NatOptions options, string inside = "192.168.1.2", params string[] outside)
    {
        Network lan = simulator.CreateNetwork($"{name}-lan");
        var nat = new NatRouter($"{name}-nat", lan, simulator.Internet, options, [.. outside.Select(At)]);
        VirtualHost host = simulator.CreateHost(name);
        host.AddInterface(lan, inside);
        return (host, nat);
    }

    public static SendOutcome Send(this VirtualSocket socket, TransportAddress to, string text) => socket.Send(to, Encoding.UTF8.GetBytes(text));

    /// <summary>What waits: texts and sources.</summary>
    public static List<(string Text, TransportAddress From)> Take(this VirtualSocket socket)
    {
        var all = new List<(string Text, TransportAddress From)>();
        while (socket.TryReceive(out TransportAddress from, out ReadOnlyMemory<byte> payload))
        {
            all.Add((Encoding.UTF8.GetString(payload.Span), from));
        }

        return all;
    }
}
