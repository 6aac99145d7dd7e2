using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Stack.TestKit;

/// <summary>A place to run programs in: a network namespace of a <see cref="NatLab"/>, or this machine itself.</summary>
/// <remarks>A socket of the test process belongs to the machine unless <see cref="OpenSocket"/> made it.</remarks>
public sealed class LabHost
{
    private readonly ConcurrentQueue<LabProcess> _started = new();

    internal LabHost(string? @namespace, IReadOnlyList<IPAddress> addresses)
    {
        Namespace = @namespace;
        Addresses = addresses;
    }

    /// <summary>This machine on its loopback: 127.0.0.1, 127.0.0.2 and ::1.</summary>
    public static LabHost Local { get; } = new(null, LabAddressing.Parse("127.0.0.1", "127.0.0.2", "::1"));

    /// <summary>The name under which <c>ip netns</c> knows the host; null for <see cref="Local"/>.</summary>
    public string? Namespace { get; }

    /// <summary>The host's addresses, IPv4 before IPv6.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>The first IPv4 address.</summary>
    public IPAddress Address => Addresses[0];

    /// <summary>The IPv4 addresses.</summary>
    public IEnumerable<IPAddress> Addresses4 => Addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork);

    /// <summary>The IPv6 addresses.</summary>
    public IEnumerable<IPAddress> Addresses6 => Addresses.Where(address => address.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>Makes a socket of the test process that is on this host; the caller disposes it, before the lab.</summary>
    public Socket OpenSocket(AddressFamily family, SocketType type, ProtocolType protocol)
        => Namespace is null ? new Socket(family, type, protocol) : NamespaceThread.Run(Namespace, () => new Socket(family, type, protocol));

    /// <summary>Starts a program here; the caller disposes it. What still runs when the lab is disposed is killed.</summary>
    public LabProcess Start(string file, params IReadOnlyList<string> arguments)
    {
        if (Namespace is null)
        {
            return LabProcess.Start(file, arguments);
        }

        LabProcess process = LabProcess.Start("ip", ["netns", "exec", Namespace, file, .. arguments]);
        _started.Enqueue(process);
        return process;
    }

    /// <summary>Runs a program here to its end or to the deadline, at which it is killed; the result says which.</summary>
    public async Task<ProcessResult> RunAsync(TimeSpan timeout, string file, params IReadOnlyList<string> arguments)
    {
        await using LabProcess process = Start(file, arguments);
        return await process.WaitForExitAsync(timeout);
    }

    // A program that has not entered its namespace yet is not found by looking inside.
    internal void KillStarted()
    {
        while (_started.TryDequeue(out LabProcess? process))
        {
            process.Kill();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace ?? "local"} ({string.Join(", ", Addresses)})";
}
