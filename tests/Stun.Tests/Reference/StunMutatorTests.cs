using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz;
using Stack.Fuzz.Reference;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The fuzzing inputs: that they can be made again, that they reach every outcome, and that the seeds are what they are called.</summary>
public class StunMutatorTests
{
    private const ulong Inputs = 200_000;

    private static readonly FuzzCorpus Corpus = FuzzCorpus.Load(FuzzCorpus.Find("decode"));

    [Fact]
    public void Create_SameIndexInAnotherOrder_GivesTheSameBytes()
    {
        StunMutator forwards = Mutator();
        var made = new List<byte[]>();
        for (ulong i = 0; i < 20_000; i++)
        {
            made.Add([.. forwards.Create(i)]);
        }

        StunMutator backwards = Mutator();
        for (ulong i = 20_000; i-- > 0;)
        {
            Assert.Equal(made[(int)i], backwards.Create(i));
        }
    }

    [Fact]
    public void Create_AnotherSeed_GivesOtherInputs()
    {
        StunMutator one = Mutator();
        var two = new StunMutator(Corpus.Entries, new StunMutatorOptions { Seed = 2 });
        int same = 0;
        for (ulong i = 0; i < 1_000; i++)
        {
            same += one.Create(i).AsSpan().SequenceEqual(two.Create(i)) ? 1 : 0;
        }

        Assert.InRange(same, 0, 20);
    }

    [Fact]
    public void Create_ManyInputs_ReachesEveryVerdict()
    {
        StunMutator mutator = Mutator();
        var message = new ReferenceMessage();
        var strict = new HashSet<ReferenceVerdict>();
        int classic = 0;
        for (ulong i = 0; i < Inputs; i++)
        {
            byte[] input = mutator.Create(i);
            strict.Add(message.Load(input, acceptClassic: false));
            classic += message.Load(input, acceptClassic: true) == ReferenceVerdict.Ok && message.IsClassic ? 1 : 0;
        }

        Assert.Equal(Enum.GetValues<ReferenceVerdict>(), strict.Order());
        Assert.InRange(classic, 1_000, 100_000);
    }

    [Fact]
    public void Create_ManyInputs_ReachesEveryOutcomeOfEveryReader()
    {
        StunMutator mutator = Mutator();
        var message = new ReferenceMessage();
        var types = new List<int>();
        var algorithms = new List<ReferencePasswordAlgorithm>();
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong i = 0; i < Inputs; i++)
        {
            if (message.Load(mutator.Create(i), acceptClassic: false) == ReferenceVerdict.Ok)
            {
                foreach ((string name, ReferencePresence presence) in Read(message, types, algorithms))
                {
                    seen.Add(name + " " + presence);
                }
            }
        }

        string[] never = ["Padding Malformed"];
        string[] missing = [.. Read(new ReferenceMessage(), types, algorithms)
            .SelectMany(reader => Enum.GetValues<ReferencePresence>().Select(p => reader.Name + " " + p))
            .Except(seen)];
        Assert.Equal(never, missing);
    }

    [Fact]
    public void Create_WithIntegrity_VerifiesUnderTheKey()
    {
        var mutator = new StunMutator(Corpus.Entries, new StunMutatorOptions { IntegrityOneIn = 1 });
        byte[] key = "key"u8.ToArray();
        var message = new ReferenceMessage();
        int sha1 = 0;
        var sha256 = new SortedSet<int>();
        for (ulong i = 0; i < 20_000; i++)
        {
            if (message.Load(mutator.Create(i), acceptClassic: false) == ReferenceVerdict.Ok)
            {
                sha1 += message.MessageIntegrityOk(key) ? 1 : 0;
                if (message.MessageIntegritySha256Ok(key))
                {
                    sha256.Add(message.MessageIntegritySha256.Value.Length);
                }
            }
        }

        Assert.InRange(sha1, 1_000, 20_000);
        Assert.Equal([16, 20, 24, 28, 32], sha256);
    }

    [Fact]
    public void Create_WarmedUp_AllocatesOnlyGiants()
    {
        StunMutator mutator = Mutator();
        var message = new ReferenceMessage();
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least > 4096; round++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long giants = 0;
            for (ulong i = 0; i < 50_000; i++)
            {
                byte[] input = mutator.Create(i);
                giants += input.Length > ExactArrays.LongestKept ? input.Length + 64 : 0;
                message.Load(input, acceptClassic: true);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - allocated - giants);
        }

        // The runtime allocates a little once when it compiles a method anew, in whichever round that falls; an input that did would
        // show in every round, fifty thousand times.
        Assert.InRange(least, long.MinValue, 4096);
    }

    [Fact]
    public void Compute_BothCrcs_Agree()
    {
        var random = new FuzzRandom();
        random.Restart(1, 2);
        byte[] bytes = new byte[70];
        random.Fill(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(ReferenceCrc32.Compute(bytes, length), FuzzCrc32.Compute(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Corpus_Files_AreTheSeedsAndTheVectors()
    {
        var expected = new SortedDictionary<string, byte[]>(SeedCorpus.Create().ToDictionary(), StringComparer.Ordinal);
        foreach (string name in RfcVectors.Names("rfc5769").Concat(RfcVectors.Names("rfc8489")))
        {
            expected.Add(name.Replace('/', '-'), RfcVectors.Bytes(name));
        }

        // The corpus may grow by inputs that once found something; what is made here must be there as it is made.
        var files = Corpus.Names.Zip(Corpus.Entries).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        foreach ((string name, byte[] bytes) in expected)
        {
            Assert.True(files.TryGetValue(name, out byte[]? file), name);
            Assert.Equal(bytes, file);
        }
    }

    [Theory]
    [InlineData("integrity", ReferenceVerdict.Ok)]
    [InlineData("header-cut-to-19", ReferenceVerdict.TooShort)]
    [InlineData("first-byte-40", ReferenceVerdict.NotStun)]
    [InlineData("cookie-little-endian", ReferenceVerdict.MagicCookieMissing)]
    [InlineData("length-5-without-body", ReferenceVerdict.LengthNotMultipleOfFour)]
    [InlineData("length-65532-without-body", ReferenceVerdict.Truncated)]
    [InlineData("rfc8489-B.1-as-printed", ReferenceVerdict.Truncated)]
    [InlineData("trailing-100", ReferenceVerdict.TrailingBytes)]
    [InlineData("padding-claims-fffc", ReferenceVerdict.AttributeTruncated)]
    [InlineData("fingerprint-not-last", ReferenceVerdict.FingerprintNotLast)]
    [InlineData("attributes-256-then-cut", ReferenceVerdict.TooManyAttributes)]
    [InlineData("fingerprint-length-3", ReferenceVerdict.FingerprintMalformed)]
    [InlineData("integrity-length-19", ReferenceVerdict.IntegrityMalformed)]
    [InlineData("integrity-then-sha256-of-length-12", ReferenceVerdict.IntegrityMalformed)]
    [InlineData("sha256-then-integrity-of-length-3", ReferenceVerdict.Ok)]
    [InlineData("integrity-then-sha256-twice", ReferenceVerdict.Ok)]
    public void Corpus_Seed_HasTheVerdictOfItsName(string name, ReferenceVerdict verdict)
    {
        int index = Corpus.Names.ToList().IndexOf(name);
        Assert.Equal(verdict, ReferenceMessage.Decode(Corpus.Entries[index], acceptClassic: false, out _));
    }

    private static StunMutator Mutator() => new(Corpus.Entries, new StunMutatorOptions());

    private static (string Name, ReferencePresence Presence)[] Read(
        ReferenceMessage message, List<int> types, List<ReferencePasswordAlgorithm> algorithms) =>
    [
        (nameof(message.MappedAddress), message.MappedAddress.Presence),
        (nameof(message.XorMappedAddress), message.XorMappedAddress.Presence),
        (nameof(message.ResponseAddress), message.ResponseAddress.Presence),
        (nameof(message.SourceAddress), message.SourceAddress.Presence),
        (nameof(message.ChangedAddress), message.ChangedAddress.Presence),
        (nameof(message.ReflectedFrom), message.ReflectedFrom.Presence),
        (nameof(message.AlternateServer), message.AlternateServer.Presence),
        (nameof(message.ResponseOrigin), message.ResponseOrigin.Presence),
        (nameof(message.OtherAddress), message.OtherAddress.Presence),
        (nameof(message.Username), message.Username.Presence),
        (nameof(message.Realm), message.Realm.Presence),
        (nameof(message.Nonce), message.Nonce.Presence),
        (nameof(message.Software), message.Software.Presence),
        (nameof(message.Userhash), message.Userhash.Presence),
        (nameof(message.Padding), message.Padding.Presence),
        (nameof(message.AlternateDomain), message.AlternateDomain.Presence),
        (nameof(message.ErrorCode), message.ErrorCode.Presence),
        (nameof(message.PasswordAlgorithm), message.PasswordAlgorithm.Presence),
        (nameof(message.ChangeRequest), message.ChangeRequest.Presence),
        (nameof(message.ResponsePort), message.ResponsePort.Presence),
        (nameof(message.CacheTimeout), message.CacheTimeout.Presence),
        (nameof(message.ReadUnknownAttributes), message.ReadUnknownAttributes(types)),
        (nameof(message.ReadPasswordAlgorithms), message.ReadPasswordAlgorithms(algorithms)),
    ];
}
