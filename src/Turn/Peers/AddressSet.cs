using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>Networks, merged into disjoint ranges in ascending order, one list a family. Looking up allocates nothing.</summary>
internal sealed class AddressSet
{
    private readonly UInt128[] _firstIPv4;
    private readonly UInt128[] _lastIPv4;
    private readonly UInt128[] _firstIPv6;
    private readonly UInt128[] _lastIPv6;

    public AddressSet(IEnumerable<AddressPrefix> prefixes)
    {
        List<AddressPrefix> ofIPv4 = [];
        List<AddressPrefix> ofIPv6 = [];
        foreach (AddressPrefix prefix in prefixes)
        {
            switch (prefix.Family)
            {
                case StunAddressFamily.IPv4:
                    ofIPv4.Add(prefix);
                    break;
                case StunAddressFamily.IPv6:
                    ofIPv6.Add(prefix);
                    break;
                default:
                    throw new ArgumentException("The default AddressPrefix is no network.", nameof(prefixes));
            }
        }

        (_firstIPv4, _lastIPv4) = Merge(ofIPv4);
        (_firstIPv6, _lastIPv6) = Merge(ofIPv6);
    }

    public bool ContainsIPv4(uint address) => Contains(_firstIPv4, _lastIPv4, address);

    public bool ContainsIPv6(UInt128 address) => Contains(_firstIPv6, _lastIPv6, address);

    public bool Contains(TransportAddress address) => address.Family switch
    {
        StunAddressFamily.IPv4 => Contains(_firstIPv4, _lastIPv4, address.Bits),
        StunAddressFamily.IPv6 => Contains(_firstIPv6, _lastIPv6, address.Bits),
        _ => false,
    };

    private static bool Contains(UInt128[] first, UInt128[] last, UInt128 address)
    {
        int low = 0;
        int high = first.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (address < first[middle])
            {
                high = middle - 1;
            }
            else if (address > last[middle])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static (UInt128[] First, UInt128[] Last) Merge(List<AddressPrefix> prefixes)
    {
        prefixes.Sort(static (left, right) => left.Bits.CompareTo(right.Bits));
        List<UInt128> first = [];
        List<UInt128> last = [];
        foreach (AddressPrefix prefix in prefixes)
        {
            // Networks nest or are disjoint, so one that starts inside another may only be longer or as long.
            if (last.Count > 0 && prefix.Bits <= last[^1])
            {
                last[^1] = UInt128.Max(last[^1], prefix.LastBits);
            }
            else
            {
                first.Add(prefix.Bits);
                last.Add(prefix.LastBits);
            }
        }

        return (first.ToArray(), last.ToArray());
    }
}
