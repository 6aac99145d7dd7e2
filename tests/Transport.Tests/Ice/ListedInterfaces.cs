using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Stack.Stun;

namespace Stack.Transport.Tests;

/// <summary>Interfaces as a test wants them; addresses of 127.0.0.0/8 can all be bound.</summary>
internal sealed class ListedInterfaces(params string[] addresses) : IInterfaceAddresses
{
    private IceInterfaceAddress[] _entries = ToEntries(addresses);

    public void Set(params string[] now) => Volatile.Write(ref _entries, ToEntries(now));

    public IReadOnlyList<IceInterfaceAddress> List() => Volatile.Read(ref _entries);

    private static IceInterfaceAddress[] ToEntries(string[] addresses) => [.. addresses.Select(static (address, at) => Entry(address, $"eth{at}"))];

    public static IceInterfaceAddress Entry(string address, string name = "eth0", bool temporary = false, bool unusable = false) => new()
    {
        InterfaceName = name,
        Address = TransportAddress.FromIPAddress(System.Net.IPAddress.Parse(address), 0),
        IsTemporary = temporary,
        IsUnusable = unusable,
    };
}
