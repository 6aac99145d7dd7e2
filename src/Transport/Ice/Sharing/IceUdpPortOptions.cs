using System;
using System.Collections.Generic;
using System.Net;

namespace Stack.Transport;

/// <summary>Where an <see cref="IceUdpPort"/> listens.</summary>
public sealed record IceUdpPortOptions
{
    /// <summary>The port on all addresses; 0, the default, for one that the system picks.</summary>
    public int Port { get; init; }

    /// <summary>The addresses, each concrete; null, the default, for all that host candidates are gathered on.</summary>
    public IReadOnlyList<IPAddress>? Addresses { get; init; }

    /// <summary>Which addresses are used where none are given; as <see cref="IceOptions.InterfaceFilter"/>.</summary>
    public Func<IceInterfaceAddress, bool>? InterfaceFilter { get; init; }

    /// <summary>Whether loopback addresses are used where none are given; for tests.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>The longest datagram that is received; longer ones are dropped. 576 to 65535, 4096 bytes by default.</summary>
    public int MaxDatagramSize { get; init; } = 4096;

    /// <summary>The size of the sockets' receive and send buffers, in bytes; 1 MiB by default, of which the system may grant less.</summary>
    public int SocketBufferSize { get; init; } = 1 << 20;

    internal IInterfaceAddresses Interfaces { get; init; } = SystemInterfaceAddresses.Instance;
}
