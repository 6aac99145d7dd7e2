using System;

namespace Stack.Transport;

/// <summary>Interfaces that lead to containers and virtual machines of this host: checks from them cost time and hardly ever succeed.</summary>
internal static class InterfaceNoise
{
    private static readonly string[] Prefixes =
    [
        "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "lxdbr", "cni", "flannel", "cali", "podman", "vnet", "ifb", "dummy", "awdl", "llw",
        "anpi", "vEthernet", "VirtualBox", "VMware",
    ];

    public static bool Contains(string interfaceName)
        => Array.Exists(Prefixes, prefix => interfaceName.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
