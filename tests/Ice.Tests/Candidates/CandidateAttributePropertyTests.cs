using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Stack.TestKit;
using Xunit;

namespace Stack.Ice.Tests;

public sealed class CandidateAttributePropertyTests
{
    [Fact]
    public void Format_AnyCandidate_IsReadBackAsEqual()
    {
        var random = new SeededRandom(20261121);
        for (int i = 0; i < 100_000; i++)
        {
            Candidate candidate = CandidateSketch.Draw(random);
            string line = CandidateAttribute.Format(candidate);
            Assert.InRange(line.Length, 1, CandidateAttribute.MaxWrittenLength);
            CandidateAttributeStatus status = CandidateAttribute.Parse(line, out Candidate? read, out int position);
            Assert.True(status == CandidateAttributeStatus.Ok, $"{line}: {status} at {position}");
            Assert.True(candidate.Equals(read), line);
        }
    }

    // Whatever is read and can be written again, is read again as the same; nothing throws.
    [Fact]
    public void Parse_AnyChangeOfALine_IsAStatusOrARoundTrip()
    {
        var random = new SeededRandom(7);
        int accepted = 0;
        using var thrown = new FirstChanceExceptions();
        for (int i = 0; i < 50_000; i++)
        {
            var line = new StringBuilder(CandidateAttribute.Format(CandidateSketch.Draw(random)));
            for (int changes = random.Next(3); changes >= 0; changes--)
            {
                line[random.Next(line.Length)] = (char)(random.Chance(0.1) ? random.Next(0x3000) : ' ' + random.Next(96));
            }

            char[] text = line.ToString().ToCharArray();
            if (CandidateAttribute.Parse(text, out Candidate? candidate, out int position) != CandidateAttributeStatus.Ok)
            {
                Assert.Null(candidate);
                Assert.InRange(position, 0, text.Length);
            }
            else if (CandidateAttribute.Validate(candidate!) == CandidateAttributeStatus.Ok)
            {
                accepted++;
                Assert.True(CandidateAttribute.TryParse(CandidateAttribute.Format(candidate!), out Candidate? again));
                Assert.Equal(candidate, again);
            }
            else
            {
                Assert.Equal(CandidateAttributeStatus.TooLong, CandidateAttribute.Validate(candidate!));
            }
        }

        Assert.Equal(0, thrown.Total);
        Assert.InRange(accepted, 1_000, 49_000);
    }

    [Fact]
    public void Parse_AnyText_DoesNotThrow() => Prop.ForAll(
        ArbMap.Default.ArbFor<string?>(),
        static text => CandidateAttribute.Parse(text, out Candidate? candidate, out _) == CandidateAttributeStatus.Ok == (candidate is not null))
        .QuickCheckThrowOnFailure();
}
