using System;

namespace Stack.TestKit;

/// <summary>What a test needs from the machine beyond the .NET SDK.</summary>
[Flags]
public enum Requirement
{
    /// <summary>Nothing: the test runs everywhere.</summary>
    None = 0,

    /// <summary>Superuser rights.</summary>
    Root = 1 << 0,

    /// <summary>Network namespaces with nftables inside them; implies <see cref="Root"/> in practice.</summary>
    Namespaces = 1 << 1,

    /// <summary>coturn's <c>turnserver</c>.</summary>
    Coturn = 1 << 2,

    /// <summary>coturn's <c>turnutils_*</c> clients.</summary>
    CoturnUtils = 1 << 3,

    /// <summary>Vovida's <c>stun</c>, a classic RFC 3489 client.</summary>
    VovidaStun = 1 << 4,

    /// <summary>The Go compiler with pion/stun's sources where Debian puts them.</summary>
    Go = 1 << 5,

    /// <summary><c>tshark</c>, for a second opinion on captured packets.</summary>
    Tshark = 1 << 6,

    /// <summary>The <c>openssl</c> command.</summary>
    OpenSsl = 1 << 7,

    /// <summary><c>dnsmasq</c>, a name server.</summary>
    Dnsmasq = 1 << 8,

    /// <summary>The Go compiler with pion/turn's sources where Debian puts them.</summary>
    PionTurn = 1 << 9,

    /// <summary>Debian's Python with aioice.</summary>
    Aioice = 1 << 10,

    /// <summary>The Go compiler with pion/ice's sources where Debian puts them.</summary>
    PionIce = 1 << 11,

    /// <summary><c>redis-server</c>.</summary>
    Redis = 1 << 12,

    /// <summary><c>node</c> with the packages that <c>npm install</c> brings to <c>tests/Interop.Tests/npm</c>.</summary>
    NodePackages = 1 << 13,

    /// <summary>Debian's <c>chromium</c>, driven by a package of <see cref="NodePackages"/>.</summary>
    Chromium = 1 << 14,

    /// <summary>Linux with the GNU C library.</summary>
    Glibc = 1 << 15,

    /// <summary>Linux on a processor that the batched system calls are declared for.</summary>
    LinuxCalls = 1 << 16,

    /// <summary>Everything a NAT lab needs.</summary>
    NatLab = Root | Namespaces,
}
