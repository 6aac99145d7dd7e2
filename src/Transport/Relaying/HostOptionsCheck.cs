using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>What the options of a host must not be, and what the options of a running one must not become.</summary>
internal static class HostOptionsCheck
{
    private const int NonceKeySize = 32;

    public static void Check(TurnServerHostOptions options)
    {
        if (options.Listen.Count == 0)
        {
            throw new ArgumentException("There is nothing to listen on.", nameof(options));
        }

        if (options.Software is { } software && Encoding.UTF8.GetByteCount(software) > SoftwareAttribute.MaxWriteSize)
        {
            throw new ArgumentException("SOFTWARE is longer than RFC 8489 section 14.14 allows.", nameof(options));
        }

        if (options.Listen.Any(static listen => listen.Transport == StunTransport.Tls) && options.Certificate is not { HasPrivateKey: true })
        {
            throw new ArgumentException("A TLS listener needs a certificate with its private key.", nameof(options));
        }

        if (options.Shards is < 1 or > 256)
        {
            throw new ArgumentException("Shards is 1 to 256.", nameof(options));
        }

        if (options.Shards > 1 && !OperatingSystem.IsLinux() && options.Listen.Any(static listen => listen.Transport == StunTransport.Udp))
        {
            throw new ArgumentException("Only Linux spreads the datagrams of one port over several shards.", nameof(options));
        }

        if (!options.NonceKey.IsEmpty && options.NonceKey.Length != NonceKeySize)
        {
            throw new ArgumentException("The nonce key has 32 bytes.", nameof(options));
        }

        options.Connections.Check();
        CheckAlternate(options);
        if (options.Credentials is not null)
        {
            CheckRelay(options);
        }
    }

    /// <summary>Checks that a running host can change from one to the other.</summary>
    public static void CheckChange(TurnServerHostOptions from, TurnServerHostOptions to)
    {
        if (!from.Listen.SequenceEqual(to.Listen) || !Equals(from.Alternate, to.Alternate))
        {
            throw new ArgumentException("A running server cannot listen elsewhere.", nameof(to));
        }

        if (from.Shards != to.Shards
            || from.TimeProvider != to.TimeProvider
            || from.UsesPortableSockets != to.UsesPortableSockets
            || from.Connections != to.Connections
            || from.Trace != to.Trace
            || from.Log != to.Log
            || !from.NonceKey.Span.SequenceEqual(to.NonceKey.Span))
        {
            throw new ArgumentException(
                "Shards, clock, connection limits, nonce key, trace and log of a running server cannot be changed.",
                nameof(to));
        }
    }

    private static void CheckAlternate(TurnServerHostOptions options)
    {
        if (options.Alternate is not { } alternate)
        {
            return;
        }

        StunListenEndPoint udp = options.Listen.FirstOrDefault(
                listen => listen.Transport == StunTransport.Udp && listen.EndPoint.AddressFamily == alternate.AddressFamily)
            ?? throw new ArgumentException("The alternate address needs a UDP listener of the same address family.", nameof(options));
        DiscoverySockets.Check(udp.EndPoint, alternate, nameof(options));
    }

    private static void CheckRelay(TurnServerHostOptions options)
    {
        if (options.Realm.Length is 0 or > 127)
        {
            throw new ArgumentException("A TURN server needs a realm of 1 to 127 characters.", nameof(options));
        }

        foreach (RelayAddress relay in options.RelayAddresses)
        {
            if (relay.Local.IsNone || relay.Local.IsUnspecified || relay.Advertised.IsNone || relay.Advertised.IsUnspecified)
            {
                throw new ArgumentException(
                    "A relay address is a concrete address: 0.0.0.0 and :: can be neither bound to nor told to clients.",
                    nameof(options));
            }

            if (relay.Local.Family != relay.Advertised.Family)
            {
                throw new ArgumentException("The external address of a relay address is of the same family.", nameof(options));
            }
        }

        if (options.RelayAddresses.Count == 0 && GetRelayAddresses(options).Count == 0)
        {
            throw new ArgumentException(
                "The server listens on all addresses, so that it cannot tell which of them to relay from: give the relay addresses.",
                nameof(options));
        }
    }

    /// <summary>The relay addresses: those given, or the concrete ones that the host listens on.</summary>
    public static IReadOnlyList<RelayAddress> GetRelayAddresses(TurnServerHostOptions options)
    {
        if (options.RelayAddresses.Count != 0)
        {
            return options.RelayAddresses;
        }

        var addresses = new List<RelayAddress>();
        foreach (StunListenEndPoint listen in options.Listen)
        {
            IPAddress address = listen.EndPoint.Address;
            var relay = new RelayAddress(TransportAddress.FromIPAddress(address, 0));
            if (!ListenAddresses.IsAny(address) && !addresses.Contains(relay))
            {
                addresses.Add(relay);
            }
        }

        return addresses;
    }
}
