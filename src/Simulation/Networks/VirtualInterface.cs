using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Simulation;

/// <summary>An interface of a host or router: addresses on a network, behind a link.</summary>
public sealed class VirtualInterface
{
    private readonly List<TransportAddress> _addresses = [];
    private bool _isUp = true;

    internal VirtualInterface(NetworkNode owner, Network network, string name)
    {
        Owner = owner;
        Network = network;
        Name = name;
        Link = new Link(this);
    }

    /// <summary>Whose it is.</summary>
    public NetworkNode Owner { get; }

    /// <summary>The network that it is on.</summary>
    public Network Network { get; }

    /// <summary>Its name in traces: the owner's and the network's.</summary>
    public string Name { get; }

    /// <summary>The link to the network.</summary>
    public Link Link { get; }

    /// <summary>Its addresses, with port 0.</summary>
    public IReadOnlyList<TransportAddress> Addresses => _addresses;

    /// <summary>Whether it is there: not removed from its host.</summary>
    public bool IsAttached { get; private set; } = true;

    /// <summary>Whether it is up. The host is told of a change, and what it sends from an interface that is down is refused.</summary>
    public bool IsUp
    {
        get => _isUp && IsAttached;
        set
        {
            if (_isUp != value)
            {
                _isUp = value;
                Owner.NoteChange(this);
            }
        }
    }

    /// <summary>Adds an address; the network delivers to it from now on.</summary>
    /// <param name="address">An address; its port does not count.</param>
    /// <exception cref="ArgumentException">It is no unicast address, or somebody on the network has it.</exception>
    /// <exception cref="InvalidOperationException">The interface was removed.</exception>
    public void AddAddress(TransportAddress address)
    {
        Claim(address);
        Owner.NoteChange(this);
    }

    /// <summary>Removes an address; what is under way to it is lost.</summary>
    /// <param name="address">The address; its port does not count.</param>
    /// <returns>False where the interface did not have it.</returns>
    public bool RemoveAddress(TransportAddress address)
    {
        if (!Release(address))
        {
            return false;
        }

        Owner.NoteChange(this);
        return true;
    }

    /// <summary>Whether an address is one of this interface.</summary>
    /// <param name="address">The address; its port does not count.</param>
    public bool Has(TransportAddress address) => _addresses.Contains(address.WithPort(0));

    /// <summary>Its name and addresses.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", _addresses)}]";

    internal void Claim(TransportAddress address)
    {
        if (!IsAttached)
        {
            throw new InvalidOperationException("The interface was removed.");
        }

        Network.Claim(address, this);
        _addresses.Add(address.WithPort(0));
    }

    internal bool Release(TransportAddress address)
    {
        address = address.WithPort(0);
        if (!_addresses.Remove(address))
        {
            return false;
        }

        Network.Release(address);
        return true;
    }

    internal void Remove()
    {
        IsAttached = false;
        foreach (TransportAddress address in _addresses)
        {
            Network.Release(address);
        }
    }

    /// <summary>The address that packets of a family leave from; the default value where there is none.</summary>
    internal TransportAddress AddressOf(StunAddressFamily family)
    {
        foreach (TransportAddress address in _addresses)
        {
            if (address.Family == family)
            {
                return address;
            }
        }

        return default;
    }
}
