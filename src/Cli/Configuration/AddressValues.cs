using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>Addresses, networks and ports in a configuration.</summary>
internal static class AddressValues
{
    public static List<T> ReadAll<T>(ConfigurationValue value, Func<ConfigurationValue, T> read)
    {
        List<T> all = [];
        foreach (ConfigurationValue one in value.ReadList())
        {
            T item = read(one);
            if (all.Contains(item))
            {
                throw one.Error("this is there twice");
            }

            all.Add(item);
        }

        return all;
    }

    public static StunListenEndPoint ReadListen(ConfigurationValue value)
        => StunListenEndPoint.TryParse(value.ReadText(), out StunListenEndPoint? listen)
            ? listen
            : throw value.Error("write udp://127.0.0.1:3478, tcp://[::1]:3478 or tls://0.0.0.0:5349");

    /// <summary>An address of one host, without a port.</summary>
    public static TransportAddress ReadHost(ConfigurationValue value)
    {
        bool isAddress = TransportAddress.TryParseAddress(value.ReadText(), 0, out TransportAddress address);
        if (!isAddress || address.Unmapped != address)
        {
            throw value.Error("write an address without a port, such as 192.0.2.1 or 2001:db8::1");
        }

        bool isMulticast = address.Family == StunAddressFamily.IPv4 ? address.Bits >> 28 >= 0xE : address.Bits >> 120 == 0xFF;
        if (address.IsUnspecified || isMulticast || address.ScopeId != 0)
        {
            // Clients and peers are told this address: it has to be one that they can reach.
            throw value.Error("this has to be the address of one host, not 0.0.0.0, ::, a multicast address, or one with a zone");
        }

        return address;
    }

    /// <summary>An endpoint that this server is to have; port 0 picks one, as for listen.</summary>
    public static TransportAddress ReadOwnEndPoint(ConfigurationValue value)
        => TransportAddress.TryParse(value.ReadText(), out TransportAddress address)
            ? address
            : throw value.Error("write an address with a port, such as 192.0.2.1:3479 or [2001:db8::1]:3479");

    public static TransportAddress ReadEndPoint(ConfigurationValue value)
        => TransportAddress.TryParse(value.ReadText(), out TransportAddress address) && address.Port != 0
            ? address
            : throw value.Error("write an address with a port from 1 to 65535, such as 192.0.2.1:3479 or [2001:db8::1]:3479");

    public static AddressPrefix ReadNetwork(ConfigurationValue value)
        => AddressPrefix.TryParse(value.ReadText(), out AddressPrefix prefix, out AddressPrefixStatus status)
            ? prefix
            : throw value.Error(status switch
            {
                AddressPrefixStatus.MalformedLength => "the length behind the slash is 0 to 32, or to 128 for IPv6, in plain digits",
                AddressPrefixStatus.HostBits => "there are bits set behind the length: give the first address of the network",
                _ => "write a network such as 10.0.0.0/8 or 2001:db8::/32, or one address",
            });

    /// <summary>A port, a range such as "1-1023", or an array of both.</summary>
    public static List<PortRange> ReadPorts(ConfigurationValue value)
    {
        List<PortRange> ranges = [];
        foreach (ConfigurationValue one in value.Kind == JsonValueKind.Array ? value.Items : [value])
        {
            ranges.Add(ReadRange(one));
        }

        return ranges;
    }

    /// <summary>Endpoints, or objects with an address and a domain.</summary>
    public static List<AlternateServer> ReadAlternateServers(ConfigurationValue value)
    {
        List<AlternateServer> servers = [];
        foreach (ConfigurationValue one in value.Kind == JsonValueKind.Array ? value.Items : [value])
        {
            servers.Add(one.Kind == JsonValueKind.Object ? ReadAlternateServer(one) : new AlternateServer(ReadEndPoint(one)));
        }

        return servers;
    }

    /// <summary>A string of a few bytes without control characters.</summary>
    public static string ReadShort(ConfigurationValue value, int maxSize)
    {
        string text = value.ReadText();
        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                throw value.Error("there is a control character");
            }
        }

        return Encoding.UTF8.GetByteCount(text) <= maxSize
            ? text
            : throw value.Error(string.Create(CultureInfo.InvariantCulture, $"this has at most {maxSize} bytes"));
    }

    private static AlternateServer ReadAlternateServer(ConfigurationValue value)
    {
        TransportAddress? address = null;
        string? domain = null;
        foreach ((string name, ConfigurationValue one) in value.Members)
        {
            switch (name)
            {
                case "address":
                    address = ReadEndPoint(one);
                    break;
                case "domain":
                    domain = ReadShort(one, 255);
                    break;
                default:
                    throw one.Error("there is no such key: a server has address and domain");
            }
        }

        return new AlternateServer(address ?? throw value.Error("the address is missing"), domain);
    }

    private static PortRange ReadRange(ConfigurationValue value)
    {
        if (value.Kind == JsonValueKind.Number)
        {
            int port = value.ReadWhole(1, 65_535);
            return new PortRange(port, port);
        }

        string text = value.ReadText();
        int hyphen = text.IndexOf('-', StringComparison.Ordinal);
        string last = hyphen < 0 ? text : text[(hyphen + 1)..];
        return TryReadPort(hyphen < 0 ? text : text[..hyphen], out int first) && TryReadPort(last, out int end) && first <= end
            ? new PortRange(first, end)
            : throw value.Error("write a port from 1 to 65535, or two with a hyphen, such as 5060-5061");
    }

    private static bool TryReadPort(string text, out int port)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535;
}
