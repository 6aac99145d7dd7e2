using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;

namespace Stack.Turn.Tests;

/// <summary>The peer policy said a second time, slowly, from the list of denied networks and octets alone.</summary>
internal sealed class ReferencePeerPolicy
{
    public string[] Allow { get; init; } = [];

    public string[] Deny { get; init; } = [];

    public (int First, int Last)[] AllowPorts { get; init; } = [];

    public IPEndPoint[] OwnEndPoints { get; init; } = [];

    public IPAddress[] Local { get; init; } = [];

    public IPAddress[] Relays { get; init; } = [];

    public bool RelaysOnly { get; init; }

    public PeerVerdict Judge(byte[] given, int? port, bool live)
    {
        byte[] octets = ReferenceNetworks.In(["::ffff:0:0/96"], given) ? given[12..] : given;
        List<byte[]> all = [octets];
        if (octets.Length == 16)
        {
            all.AddRange(EmbeddingForms.Read(octets, Translator(octets)));
        }

        if (port == 0 || all.Any(a => ReferenceNetworks.In(["0.0.0.0/32", "224.0.0.0/4", "255.255.255.255/32", "::/128", "ff00::/8"], a)))
        {
            return PeerVerdict.NotUnicast;
        }

        if (port is { } own && all.Any(a => OwnEndPoints.Contains(new IPEndPoint(new IPAddress(a), own))))
        {
            return PeerVerdict.OwnEndPoint;
        }

        if (all.Any(a => ReferenceNetworks.In(Deny, a)))
        {
            return PeerVerdict.DeniedByOperator;
        }

        if ((live || port == null) && Relays.Contains(new IPAddress(octets)))
        {
            return PeerVerdict.Allowed;
        }

        if (RelaysOnly)
        {
            return PeerVerdict.DeniedByOperator;
        }

        IEnumerable<byte[]> doubtful = all.Where(a => !ReferenceNetworks.In(Allow, a)).ToArray();
        if (doubtful.Any(a => Local.Concat(Relays).Contains(new IPAddress(a))))
        {
            return PeerVerdict.LocalAddress;
        }

        if (doubtful.Any(IsDeniedByDefault))
        {
            return PeerVerdict.DeniedByDefault;
        }

        return port is { } p && IsForbidden(p) ? PeerVerdict.ForbiddenPort : PeerVerdict.Allowed;
    }

    public static bool IsDeniedByDefault(byte[] octets)
        => ReferenceNetworks.In(ReferenceNetworks.IPv4Denied, octets)
            || ReferenceNetworks.In(ReferenceNetworks.IPv6Denied, octets)
            || (octets.Length == 16 && !ReferenceNetworks.In(["2000::/3"], octets));

    private bool IsForbidden(int port)
        => ((port < 1024 && port != 80 && port != 443) || port is 1900 or 3702 or 5060 or 5061 or 5353 or 11211)
            && !AllowPorts.Any(range => port >= range.First && port <= range.Last);

    private int Translator(byte[] octets) => Allow
        .Where(network => ReferenceNetworks.In([network], octets))
        .Select(network => Math.Min(96, int.Parse(network.Split('/')[1], CultureInfo.InvariantCulture)))
        .DefaultIfEmpty(48)
        .Max();
}
