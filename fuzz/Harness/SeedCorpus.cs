using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Stack.Fuzz;

/// <summary>The hand-made seeds of corpora/decode: every attribute, every verdict and the edges between them. The RFCs' vectors stand beside them.</summary>
public static class SeedCorpus
{
    private const int Request = 0x0001;
    private const int Indication = 0x0011;
    private const int Success = 0x0101;
    private const int Failure = 0x0111;
    private const string Address4 = "00010D96C0000201";
    private const string Address6 = "00020D9620010DB8000000000000000000000001";

    /// <summary>Names and bytes. The names are file names and unique.</summary>
    public static IReadOnlyDictionary<string, byte[]> Create()
    {
        var seeds = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        Framing(seeds);
        Guards(seeds);
        Classic(seeds);
        foreach ((string name, int type, string good) in TypedAttributes())
        {
            Typed(seeds, name, type, Convert.FromHexString(good));
        }

        Values(seeds);
        Exchanges(seeds);
        TurnMessageSeeds.AddTo(seeds);
        return seeds;
    }

    private static (string Name, int Type, string Good)[] TypedAttributes() =>
    [
        ("mapped-address", 0x0001, Address4),
        ("response-address", 0x0002, Address4),
        ("change-request", 0x0003, "00000006"),
        ("source-address", 0x0004, Address4),
        ("changed-address", 0x0005, Address4),
        ("username", 0x0006, Hex("user")),
        ("error-code", 0x0009, "00000401" + Hex("Unauthenticated")),
        ("unknown-attributes", 0x000A, "00308001"),
        ("reflected-from", 0x000B, Address4),
        ("realm", 0x0014, Hex("example.org")),
        ("nonce", 0x0015, Hex("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA")),
        ("password-algorithm", 0x001D, "00020000"),
        ("userhash", 0x001E, Repeat("4A", 32)),
        ("xor-mapped-address", 0x0020, "00012C84E112A643"),
        ("padding", 0x0026, Repeat("50", 64)),
        ("response-port", 0x0027, "0D960000"),
        ("password-algorithms", 0x8002, "0002000000010000"),
        ("alternate-domain", 0x8003, Hex("turn.example.org")),
        ("software", 0x8022, Hex("Stack")),
        ("alternate-server", 0x8023, Address6),
        ("cache-timeout", 0x8027, "0000001E"),
        ("response-origin", 0x802B, Address4),
        ("other-address", 0x802C, Address6),
    ];

    private static void Typed(SortedDictionary<string, byte[]> seeds, string name, int type, byte[] good)
    {
        seeds.Add($"{name}", SeedMessage.Of(Success).With(type, good).ToArray());
        seeds.Add($"{name}-empty", SeedMessage.Of(Success).With(type).ToArray());
        seeds.Add($"{name}-byte-short", SeedMessage.Of(Success).With(type, good[..^1]).ToArray());
        seeds.Add($"{name}-byte-long", SeedMessage.Of(Success).With(type, [.. good, 0xFF]).ToArray());
        seeds.Add($"{name}-claims-fffc", SeedMessage.Of(Success).Raw(type, 0xFFFC, good[..(good.Length / 4 * 4)]).ToArray());
        seeds.Add($"{name}-twice-first-bad", SeedMessage.Of(Success).With(type, 0xFF).With(type, good).ToArray());
    }

    private static void Framing(SortedDictionary<string, byte[]> seeds)
    {
        byte[] bare = SeedMessage.Of(Request).ToArray();
        foreach (int length in (int[])[0, 1, 2, 3, 4, 8, 19])
        {
            seeds.Add($"header-cut-to-{length:D2}", bare[..length]);
        }

        seeds.Add("header-only", bare);
        foreach (int first in (int[])[0x40, 0x4F, 0x80, 0xC0, 0xFF])
        {
            seeds.Add($"first-byte-{first:x2}", [(byte)first, .. bare[1..]]);
        }

        seeds.Add("cookie-one-bit-wrong", [.. bare[..7], 0x43, .. bare[8..]]);
        seeds.Add("cookie-little-endian", [.. bare[..4], 0x42, 0xA4, 0x12, 0x21, .. bare[8..]]);
        seeds.Add("cookie-wrong-and-length-odd", [.. bare[..3], 1, 0, 0, 0, 0, .. bare[8..]]);
        seeds.Add("all-ff", [.. Enumerable.Repeat((byte)0xFF, 300)]);
        seeds.Add("all-zero", new byte[60]);
        foreach (int length in (int[])[1, 2, 3, 4, 5, 65532, 65533, 65535])
        {
            seeds.Add($"length-{length}-without-body", SeedMessage.Of(Request).Claiming(length).ToArray());
        }

        seeds.Add("trailing-1", SeedMessage.Of(Request).Trailing(1).ToArray());
        seeds.Add("trailing-100", SeedMessage.Of(Request).Trailing(100).ToArray());
        seeds.Add("two-messages", [.. bare, .. bare]);
        foreach (int type in (int[])[0x0011, 0x0101, 0x0111, 0x0000, 0x0FE0, 0x3EEF, 0x3FFF, 0x0003, 0x0017])
        {
            seeds.Add($"type-{type:x4}", SeedMessage.Of(type).ToArray());
        }

        seeds.Add("attribute-cut-behind-header", SeedMessage.Of(Request).Raw(0x8022, 8).ToArray());
        seeds.Add("attribute-padding-missing", SeedMessage.Of(Request).Raw(0x8022, 5, 1, 2, 3, 4).ToArray());
        seeds.Add("attribute-padding-not-zero", SeedMessage.Of(Request).Raw(0x8022, 5, 0x53, 0x74, 0x61, 0x63, 0x6B, 9, 9, 9).ToArray());
        seeds.Add("attribute-type-0000", SeedMessage.Of(Request).With(0).ToArray());
        seeds.Add("attribute-type-7fff-required", SeedMessage.Of(Request).With(0x7FFF, 1).ToArray());
        seeds.Add("attribute-type-ffff-optional", SeedMessage.Of(Request).With(0xFFFF, 1).ToArray());
        seeds.Add("attributes-100-unknown", SeedMessage.Of(Request).Times(100, m => m.With(0xC0DE)).ToArray());
        seeds.Add("attributes-256", SeedMessage.Of(Request).Times(256, m => m.With(0x8022)).ToArray());
        seeds.Add("attributes-257", SeedMessage.Of(Request).Times(257, m => m.With(0x8022)).ToArray());
        seeds.Add("attributes-256-then-cut", SeedMessage.Of(Request).Times(256, m => m.With(0x8022)).Raw(0x8022, 4).ToArray());
    }

    private static void Guards(SortedDictionary<string, byte[]> seeds)
    {
        SeedMessage User() => SeedMessage.Of(Request).With(0x0006, "61");

        seeds.Add("fingerprint", User().Fingerprint().ToArray());
        seeds.Add("fingerprint-alone", SeedMessage.Of(Request).Fingerprint().ToArray());
        seeds.Add("fingerprint-wrong", User().With(0x8028, "00000000").ToArray());
        seeds.Add("fingerprint-not-last", User().Fingerprint().With(0x8022, "61").ToArray());
        seeds.Add("fingerprint-twice", User().Fingerprint().Fingerprint().ToArray());
        foreach (int length in (int[])[0, 3, 5, 8])
        {
            seeds.Add($"fingerprint-length-{length}", User().With(0x8028, new byte[length]).ToArray());
        }

        seeds.Add("integrity", User().Integrity().ToArray());
        seeds.Add("integrity-wrong", User().With(0x0008, new byte[20]).ToArray());
        seeds.Add("integrity-fingerprint", User().Integrity().Fingerprint().ToArray());
        seeds.Add("integrity-twice", User().Integrity().Integrity().ToArray());
        seeds.Add("integrity-twice-second-of-length-19", User().Integrity().With(0x0008, new byte[19]).Fingerprint().ToArray());
        seeds.Add("integrity-wrong-then-right", User().With(0x0008, new byte[20]).Integrity().ToArray());
        seeds.Add("integrity-hides-username", SeedMessage.Of(Request).Integrity().With(0x0006, "61").Fingerprint().ToArray());
        foreach (int length in (int[])[0, 16, 19, 21, 24, 32])
        {
            seeds.Add($"integrity-length-{length}", User().With(0x0008, new byte[length]).ToArray());
        }

        foreach (int length in (int[])[0, 12, 15, 17, 31, 33, 36])
        {
            seeds.Add($"sha256-length-{length}", User().With(0x001C, new byte[length]).ToArray());
        }

        foreach (int length in (int[])[16, 20, 24, 28, 32])
        {
            seeds.Add($"sha256-truncated-{length}", User().Sha256(length).Fingerprint().ToArray());
        }

        seeds.Add("integrity-then-sha256", User().Integrity().Sha256().Fingerprint().ToArray());
        seeds.Add("integrity-between-then-sha256", User().Integrity().With(0x8022, "61").Sha256().Fingerprint().ToArray());
        seeds.Add("integrity-then-sha256-twice", User().Integrity().Sha256().With(0x001C, new byte[7]).ToArray());
        seeds.Add("integrity-then-sha256-of-length-12", User().Integrity().With(0x001C, new byte[12]).ToArray());
        seeds.Add("sha256-then-integrity", User().Sha256().Integrity().Fingerprint().ToArray());
        seeds.Add("sha256-then-integrity-of-length-3", User().Sha256().With(0x0008, new byte[3]).ToArray());
        seeds.Add("sha256-hides-username", SeedMessage.Of(Request).Sha256().With(0x0006, "61").Fingerprint().ToArray());
    }

    private static void Classic(SortedDictionary<string, byte[]> seeds)
    {
        seeds.Add("classic-request", SeedMessage.Classic(Request).With(0x0003, "00000006").ToArray());
        seeds.Add(
            "classic-response",
            SeedMessage.Classic(Success).With(0x0001, Address4).With(0x0004, Address4).With(0x0005, Address4).With(0x000B, Address4).ToArray());
        seeds.Add("classic-xor-mapped-address", SeedMessage.Classic(Success).With(0x0020, Address6).ToArray());
        seeds.Add("classic-integrity", SeedMessage.Classic(Request).With(0x0006, "61626364").Integrity().ToArray());
        seeds.Add("classic-integrity-hides", SeedMessage.Classic(Request).Integrity().With(0x0006, "61").Sha256().Fingerprint().ToArray());
        seeds.Add("classic-integrity-length-19", SeedMessage.Classic(Request).With(0x0008, new byte[19]).ToArray());
        seeds.Add("classic-fingerprint-means-nothing", SeedMessage.Classic(Request).With(0x8028, "00").With(0x8028).With(0x0006, "61").ToArray());
        seeds.Add("classic-sha256-means-nothing", SeedMessage.Classic(Request).With(0x001C, "00").With(0x0006, "61").ToArray());
        seeds.Add("classic-shared-secret", SeedMessage.Classic(0x0002).ToArray());
    }

    private static void Values(SortedDictionary<string, byte[]> seeds)
    {
        void Add(string name, int type, string hex) => seeds.Add(name, SeedMessage.Of(Failure).With(type, hex).ToArray());

        foreach (int family in (int[])[0, 3, 0xFF])
        {
            Add($"xor-mapped-address-family-{family}", 0x0020, $"00{family:X2}0D96C0000201");
        }

        Add("xor-mapped-address-ipv6", 0x0020, Address6);
        Add("xor-mapped-address-ipv6-of-8", 0x0020, "00020D96C0000201");
        Add("mapped-address-ipv4-of-20", 0x0001, "0001" + Address6[4..]);
        Add("mapped-address-first-byte-ff", 0x0001, "FF" + Address4[2..]);
        Add("mapped-address-port-0", 0x0001, "00010000C0000201");
        foreach (string value in (string[])["00000000", "00000100", "00000200", "00000300", "00000363", "00000364", "000006FF", "00000700", "FFFFFB14"])
        {
            Add($"error-code-{value.ToLowerInvariant()}", 0x0009, value);
        }

        Add("error-code-reason-escape-and-bad-utf8", 0x0009, "00000400" + "1B5B324A00C328FF");
        foreach (int length in (int[])[508, 509, 513, 514, 763, 764])
        {
            Add($"username-{length}", 0x0006, Repeat("61", length));
        }

        foreach (int length in (int[])[763, 764])
        {
            Add($"realm-{length}", 0x0014, Repeat("61", length));
            Add($"nonce-{length}", 0x0015, Repeat("61", length));
            Add($"software-{length}", 0x8022, Repeat("61", length));
            Add($"error-code-reason-{length}", 0x0009, "00000400" + Repeat("61", length));
        }

        Add("username-looks-like-code", 0x0006, Hex("%s%n%x'; DROP ../../x\r\nINFO fake"));
        Add("software-escapes", 0x8022, Hex("\u001b]0;pwn\u0007\u001b[2J"));
        Add("nonce-with-quote", 0x0015, Hex("a\"b\\c"));
        Add("nonce-cookie-alone", 0x0015, Hex("obMatJos2AAAB"));
        Add("nonce-cookie-cut", 0x0015, Hex("obMatJos2AAA"));
        Add("nonce-cookie-url-alphabet", 0x0015, Hex("obMatJos2AA-_"));
        Add("nonce-cookie-padded", 0x0015, Hex("obMatJos2AAA="));
        Add("nonce-cookie-all-features", 0x0015, Hex("obMatJos2////nonce"));
        Add("password-algorithm-padding-counted", 0x001D, "0002000101000000");
        Add("password-algorithm-padding-left-out", 0x001D, "0002000101");
        Add("password-algorithm-padding-in-part", 0x001D, "00020001010000");
        Add("password-algorithm-parameters-beyond", 0x001D, "0002FFFF");
        Add("password-algorithms-last-unpadded", 0x8002, "00010000000200030A0B0C");
        Add("password-algorithms-padding-in-part", 0x8002, "00010000000200010A00");
        Add("password-algorithms-first-padded", 0x8002, "000200010A00000000010000");
        Add("password-algorithms-parameters-beyond", 0x8002, "00010000000200090A0B0C");
        Add("password-algorithms-half-an-entry", 0x8002, "000100000002");
        Add("alternate-domain-1", 0x8003, "61");
        Add("alternate-domain-255", 0x8003, Repeat("61", 255));
        Add("alternate-domain-256", 0x8003, Repeat("61", 256));
        Add("alternate-domain-space", 0x8003, Hex("a b"));
        Add("alternate-domain-del", 0x8003, "617F");
        Add("alternate-domain-latin", 0x8003, "61E9");
        Add("change-request-all-bits", 0x0003, "FFFFFFFF");
        Add("change-request-none", 0x0003, "00000000");
        Add("response-port-of-2", 0x0027, "0D96");
        Add("response-port-0", 0x0027, "0000FFFF");
        Add("unknown-attributes-odd", 0x000A, "003080");
        Add("unknown-attributes-many", 0x000A, Repeat("0030", 60));
        Add("padding-1000", 0x0026, Repeat("00", 1000));
    }

    private static void Exchanges(SortedDictionary<string, byte[]> seeds)
    {
        seeds.Add(
            "exchange-unauthenticated",
            SeedMessage.Of(Failure).With(0x0009, "00000401").With(0x0014, Hex("example.org")).With(0x0015, Hex("obMatJos2AAADnonce"))
                .With(0x8002, "0002000000010000").Fingerprint().ToArray());
        seeds.Add(
            "exchange-authenticated",
            SeedMessage.Of(Request).With(0x001E, Repeat("4A", 32)).With(0x0014, Hex("example.org")).With(0x0015, Hex("obMatJos2AAADnonce"))
                .With(0x8002, "0002000000010000").With(0x001D, "00020000").Sha256().Fingerprint().ToArray());
        seeds.Add(
            "exchange-behaviour-discovery",
            SeedMessage.Of(Success).With(0x0020, "00012C84E112A643").With(0x0001, Address4).With(0x802B, Address4).With(0x802C, Address6)
                .With(0x8022, Hex("Stack")).Fingerprint().ToArray());
        seeds.Add(
            "exchange-redirect",
            SeedMessage.Of(Failure).With(0x0009, "00000300").With(0x8023, Address4).With(0x8003, Hex("turn.example.org")).Integrity().ToArray());
        seeds.Add("exchange-unknown", SeedMessage.Of(Failure).With(0x0009, "00000414").With(0x000A, "0030").ToArray());
        seeds.Add(
            "exchange-check",
            SeedMessage.Of(Request).With(0x0006, Hex("evtj:h6vY")).With(0x0024, "6E0001FF").With(0x802A, "932FF9B151263B36").With(0x0025)
                .Integrity().Fingerprint().ToArray());
        seeds.Add("exchange-keepalive", SeedMessage.Of(Indication).Fingerprint().ToArray());
        seeds.Add(
            "exchange-allocate",
            SeedMessage.Of(0x0003).With(0x0019, "11000000").With(0x000D, "00000258").With(0x0017, "02000000").With(0x0018, "80")
                .With(0x001A).With(0x0022, Repeat("0A", 8)).ToArray());
        seeds.Add("exchange-send", SeedMessage.Of(0x0016).With(0x0012, Address4).With(0x0013, Hex("payload")).ToArray());
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static string Repeat(string hex, int count) => string.Concat(Enumerable.Repeat(hex, count));
}
