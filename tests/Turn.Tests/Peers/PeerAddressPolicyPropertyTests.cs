using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Stack.TestKit;
using Xunit;

namespace Stack.Turn.Tests;

/// <summary>The policy against a slow second one: every denied network, its edges, every form of embedding, both entry points.</summary>
public sealed class PeerAddressPolicyPropertyTests
{
    private static readonly (string Name, ReferencePeerPolicy Reference)[] Policies =
    [
        ("default", new ReferencePeerPolicy()),
        ("all of IPv6 allowed", new ReferencePeerPolicy { Allow = ["::/0"] }),
        ("translators allowed", new ReferencePeerPolicy { Allow = ["64:ff9b::/96", "64:ff9b:1::/48", "64:ff9b:1:808:8:808::/96", "2002::/16"] }),
        ("loopback allowed", new ReferencePeerPolicy { Allow = ["127.0.0.0/8", "::1/128", "::/0"] }),
        ("all allowed", new ReferencePeerPolicy { Allow = ["0.0.0.0/0", "::/0"] }),
        ("some denied", new ReferencePeerPolicy { Allow = ["0.0.0.0/0", "::/0"], Deny = ["10.1.0.0/16", "192.168.0.0/16", "2a00::/16", "8.0.0.0/9"] }),
        ("allowed and denied within", new ReferencePeerPolicy { Allow = ["10.0.0.0/8", "fc00::/7"], Deny = ["10.0.0.0/8", "fd00::/8"] }),
        ("relays only", new ReferencePeerPolicy { Relays = [IPAddress.Parse("10.0.0.0"), IPAddress.Parse("9.255.255.255")], RelaysOnly = true }),
        (
            "own",
            new ReferencePeerPolicy
            {
                Allow = ["::/0", "127.0.0.0/8"],
                OwnEndPoints = [IPEndPoint.Parse("127.0.0.0:3478"), IPEndPoint.Parse("9.255.255.255:3478"), IPEndPoint.Parse("[2a00::1]:3478")],
                Local = [IPAddress.Parse("127.0.0.0"), IPAddress.Parse("172.32.0.0"), IPAddress.Parse("11.0.0.0")],
                Relays = [IPAddress.Parse("172.32.0.0"), IPAddress.Parse("11.0.0.0"), IPAddress.Parse("192.0.1.0"), IPAddress.Parse("2a00::2")],
            }),
        ("ports allowed", new ReferencePeerPolicy { AllowPorts = [(53, 53), (1000, 2000), (65535, 65535)] }),
    ];

    private static readonly int[] Ports = [0, 1, 53, 79, 80, 81, 443, 1023, 1024, 1900, 3478, 3702, 5059, 5060, 5061, 5062, 5353, 11211, 65535];

    public static TheoryData<string> PolicyNames => [.. Policies.Select(policy => policy.Name)];

    // security.md V2, V3, V5 and T14: decision(encoded) follows decision(IPv4 address), in all forms, at all edges.
    [Theory]
    [MemberData(nameof(PolicyNames))]
    public void Judge_EdgesOfDeniedNetworksInEveryForm_AgreesWithReference(string policyName)
    {
        ReferencePeerPolicy reference = Policies.Single(policy => policy.Name == policyName).Reference;
        PeerAddressPolicy policy = PeerAddresses.Policy(reference);
        int compared = 0;
        foreach (byte[] octets in Edges())
        {
            Compare(reference, policy, octets, 3478);
            compared++;
        }

        Assert.True(compared > 1000);
    }

    [Theory]
    [MemberData(nameof(PolicyNames))]
    public void Judge_RandomAddresses_AgreesWithReference(string policyName)
    {
        ReferencePeerPolicy reference = Policies.Single(policy => policy.Name == policyName).Reference;
        PeerAddressPolicy policy = PeerAddresses.Policy(reference);
        SeededRandom random = new(42);
        for (int i = 0; i < 10_000; i++)
        {
            Compare(reference, policy, Draw(random), Ports[random.Next(Ports.Length)]);
        }
    }

    [Fact]
    public void Judge_EveryPortOfAPublicPeer_AgreesWithReference()
    {
        foreach ((_, ReferencePeerPolicy reference) in Policies.Where(policy => !policy.Reference.RelaysOnly).Take(2).Append(Policies[^1]))
        {
            PeerAddressPolicy policy = PeerAddresses.Policy(reference);
            byte[] octets = [8, 8, 8, 8];
            for (int port = 0; port <= 65535; port++)
            {
                PeerVerdict expected = reference.Judge(octets, port == 0 ? 0 : null, live: false);
                expected = expected == PeerVerdict.Allowed ? reference.Judge(octets, port, live: false) : expected;
                Assert.Equal(expected, policy.Judge(PeerAddresses.At(octets, port), isLiveRelay: false));
            }
        }
    }

    // T14 said without the reference: inside a network 403, one beside it not, unless it is in another.
    [Fact]
    public void JudgeAddress_DefaultEdges_AreDeniedInsideAndAllowedOutside()
    {
        PeerAddressPolicy policy = new(new PeerAddressRules());
        foreach (string network in ReferenceNetworks.IPv4Denied.Concat(ReferenceNetworks.IPv6Denied))
        {
            (int size, UInt128 first, UInt128 last) = ReferenceNetworks.Range(network);
            Assert.NotEqual(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At(PeerAddresses.Octets(first, size), 0)));
            Assert.NotEqual(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At(PeerAddresses.Octets(last, size), 0)));
        }

        foreach (string beside in new[]
        {
            "9.255.255.255", "11.0.0.0", "1.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
            "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.255", "192.0.3.0", "192.31.195.255", "192.31.197.0", "192.52.192.255",
            "192.52.194.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "192.175.47.255", "192.175.49.0", "198.17.255.255",
            "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "168.63.129.15", "168.63.129.17",
            "2000::", "2001:200::", "2001:db7:ffff::1", "2001:db9::", "2001:ffff::1", "2003::", "2620:4f:7fff::1", "2620:4f:8001::", "3ffd:ffff::1",
            "3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        })
        {
            Assert.Equal(PeerVerdict.Allowed, policy.JudgeAddress(PeerAddresses.At(beside, 0)));
        }
    }

    private static void Compare(ReferencePeerPolicy reference, PeerAddressPolicy policy, byte[] octets, int port)
    {
        PeerAddress peer = PeerAddresses.At(octets, port);
        foreach (bool live in new[] { false, true })
        {
            PeerVerdict expected = reference.Judge(octets, port, live);
            PeerVerdict actual = policy.Judge(peer, live);
            Assert.True(expected == actual, $"{peer}, live {live}: {actual} in place of {expected}");
        }

        PeerVerdict expectedAddress = reference.Judge(octets, null, live: false);
        PeerVerdict actualAddress = policy.JudgeAddress(peer);
        Assert.True(expectedAddress == actualAddress, $"{peer} without port: {actualAddress} in place of {expectedAddress}");
    }

    private static IEnumerable<byte[]> Edges()
    {
        foreach (string network in ReferenceNetworks.IPv4Denied.Concat(ReferenceNetworks.IPv6Denied).Append("2000::/3"))
        {
            (int size, UInt128 first, UInt128 last) = ReferenceNetworks.Range(network);
            UInt128 most = size == 4 ? uint.MaxValue : UInt128.MaxValue;
            foreach (UInt128 number in new[] { first, last, first == 0 ? 0 : first - 1, last == most ? most : last + 1 })
            {
                byte[] octets = PeerAddresses.Octets(number, size);
                yield return octets;
                foreach (string form in size == 4 ? EmbeddingForms.Names : [])
                {
                    yield return EmbeddingForms.Write(form, octets);
                }
            }
        }
    }

    private static byte[] Draw(SeededRandom random)
    {
        byte[] v4 = new byte[4];
        random.GetBytes(v4);
        switch (random.Next(4))
        {
            case 0:
                return v4;
            case 1:
                return EmbeddingForms.Write(EmbeddingForms.Names[random.Next(EmbeddingForms.Names.Length)], v4);
            case 2:
                // A random address with the start of a network that matters.
                byte[] near = new byte[16];
                random.GetBytes(near);
                string network = ReferenceNetworks.IPv6Denied[random.Next(ReferenceNetworks.IPv6Denied.Length)];
                PeerAddresses.Octets(ReferenceNetworks.Range(network).First, 16).AsSpan(0, random.Next(16)).CopyTo(near);
                return near;
            default:
                byte[] any = new byte[16];
                random.GetBytes(any);
                any[0] = random.Chance(0.8) ? (byte)(0x20 | (any[0] & 0x1F)) : any[0];
                return any;
        }
    }
}
