using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>Runs the tables of <c>rfc-vectors/malformed</c>; their first lines say how they are read.</summary>
public sealed class MalformedTableTests
{
    // The numbers of the project's list of hostile inputs; those that are missing were never given.
    private const string Decode = "01 02 04 05 07 08 09 11 12 14 15 16 17 19 20 21 23 25 26 27 29 30 32 34 35 36 38 40 41 43 44";
    private const string Values = "01 02 04 05 06 08 09 10 12 14 16 17 19 20 21 22 24 25 26 27 29 30 31 32 34 35 37 38 39";

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string file in new[] { "stun-decode.txt", "stun-attributes.txt", "stun-attribute-lengths.txt" })
            {
                string[] lines = Lines(file);
                for (int i = 0; i < lines.Length; i++)
                {
                    if (!lines[i].StartsWith('#') && lines[i].Contains('|', StringComparison.Ordinal))
                    {
                        data.Add(file, i + 1);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Table_Line_HasTheOutcomeThatItStates(string file, int line)
    {
        string text = Lines(file)[line - 1];
        string[] cells = text.Split('|', StringSplitOptions.TrimEntries);
        byte[] datagram = ReadBytes(cells[3]);
        byte[] untouched = [.. datagram];
        string[] expected = cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        StunDialect dialect = expected.Contains("dialect=classic") ? StunDialect.AcceptClassic : StunDialect.Rfc8489;
        StunDecodeStatus status = StunMessage.Decode(datagram, dialect, out StunMessage message);

        Assert.Equal(expected[0] + " | " + text, status + " | " + text);
        foreach (string fact in expected.Skip(1))
        {
            string[] sides = fact.Split('=');
            string actual = sides[0] == "demux" ? StunDemultiplexer.Classify(datagram).ToString() : Observe(message, sides[0]);
            Assert.Equal(fact + " | " + text, sides[0] + "=" + actual + " | " + text);
        }

        Assert.Equal(untouched, datagram);
    }

    [Theory]
    [InlineData('D', Decode)]
    [InlineData('A', Values)]
    public void Table_EveryNumber_IsACaseOrSaysWhereItIs(char section, string numbers)
    {
        IEnumerable<string> listed = Directory.EnumerateFiles(VectorFiles.PathOf("malformed"), "stun-*.txt")
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith(section))
            .Select(line => line[1..3])
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(numbers.Split(' '), listed);
    }

    private static string Observe(scoped in StunMessage message, string what)
    {
        using var key = new IntegrityKey(Wire.Key);
        switch (what)
        {
            case "dialect":
                return message.IsClassic ? "classic" : "rfc8489";
            case "fingerprint":
                return Verdict(message.HasFingerprint, Fingerprint.Verify(message));
            case "mi":
                return Verdict(message.HasMessageIntegrity, MessageIntegrity.Verify(message, key));
            case "mi256":
                return Verdict(message.HasMessageIntegritySha256, MessageIntegritySha256.Verify(message, key, MessageIntegritySha256.MinSize));
            case "unknown":
                Span<StunAttributeType> unknown = stackalloc StunAttributeType[16];
                int count = message.CollectUnknownAttributes([], unknown);
                return string.Join(',', unknown[..count].ToArray().Select(type => ((ushort)type).ToString("X4", CultureInfo.InvariantCulture)).Select(hex => "0x" + hex));
            default:
                return AttributeReaders.All[what](message).ToString();
        }
    }

    private static string Verdict(bool there, bool right) => there ? right ? "right" : "wrong" : right ? "right without one" : "none";

    private static string[] Lines(string file) => File.ReadAllLines(VectorFiles.PathOf("malformed/" + file));

    private static byte[] ReadBytes(string text)
    {
        var bytes = new List<byte>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = word.Split('*');
            int count = parts.Length == 1 ? 1 : int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture);
            for (int i = 0; i < count; i++)
            {
                bytes.AddRange(Convert.FromHexString(parts[0]));
            }
        }

        // An array of exactly this size: a read behind the end throws.
        return [.. bytes];
    }
}
