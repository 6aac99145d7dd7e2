using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Stack.TestKit;

namespace Stack.Ice.Tests;

/// <summary>Random candidates that can be told, and often hit the ends of ranges.</summary>
internal static class CandidateSketch
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const string TokenChars = "abcXYZ019-.!%*_+`'~";

    private static readonly ulong[] Masks = [0, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF, 0xFFFF_0000_0000_0000, ulong.MaxValue];

    public static Candidate Draw(SeededRandom random)
    {
        CandidateTransport transport = random.Chance(0.5) ? CandidateTransport.Tcp : CandidateTransport.Udp;
        TcpCandidateType side = transport == CandidateTransport.Tcp ? (TcpCandidateType)(1 + random.Next(3)) : TcpCandidateType.None;
        int port = side == TcpCandidateType.Active ? 9 : Pick(random, 1, 65535);
        bool isNamed = random.Chance(0.1);
        var type = (CandidateType)random.Next(4);
        bool isRelated = type != CandidateType.Host && random.Chance(0.8);
        return new Candidate
        {
            Foundation = Word(random, IceChars, Pick(random, 1, 32)),
            ComponentId = Pick(random, 1, 256),
            Transport = transport,
            TcpType = side,
            Priority = (uint)Pick(random, 1, int.MaxValue),
            Address = isNamed ? default : Address(random, port),
            HostName = isNamed ? Word(random, "abcdef0123456789-", Pick(random, 1, 63)) + ".local" : null,
            HostPort = isNamed ? port : 0,
            Type = type,
            RelatedAddress = isRelated ? Address(random, Pick(random, 0, 65535)) : null,
            Extensions = [.. Enumerable.Range(0, random.Next(8)).Select(_ => Extension(random))],
        };
    }

    private static KeyValuePair<string, string> Extension(SeededRandom random)
        => new(Word(random, TokenChars, 1 + random.Next(10)), Word(random, "!\"#$abc019~{}:=", random.Next(10)));

    private static TransportAddress Address(SeededRandom random, int port)
    {
        while (true)
        {
            TransportAddress address = random.Next(4) switch
            {
                0 => TransportAddress.FromIPv4((uint)random.NextUInt64() | 1, (ushort)port),
                1 => TransportAddress.FromIPv4(uint.MaxValue, (ushort)port),
                2 => TransportAddress.FromIPv6(new UInt128(random.NextUInt64(), random.NextUInt64()), (ushort)port),

                // Groups of zeros, and IPv4 addresses in IPv6 ones, are written in special ways.
                _ => TransportAddress.FromIPv6(new UInt128(random.NextUInt64() & Mask(random), random.NextUInt64() & Mask(random)), (ushort)port),
            };
            if (!address.IsUnspecified)
            {
                return address;
            }
        }
    }

    private static ulong Mask(SeededRandom random)
        => Masks[random.Next(Masks.Length)];

    private static int Pick(SeededRandom random, int least, int most) => random.Next(8) switch
    {
        0 => least,
        1 => most,
        _ => least + random.Next(most - least + 1),
    };

    private static string Word(SeededRandom random, string characters, int length)
        => string.Create(length, (random, characters), static (span, state) =>
        {
            foreach (ref char c in span)
            {
                c = state.characters[state.random.Next(state.characters.Length)];
            }
        });
}
