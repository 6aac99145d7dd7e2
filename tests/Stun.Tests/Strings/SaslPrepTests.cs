using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class SaslPrepTests
{
    public static IEnumerable<object?[]> Rfc4013Section3 =>
        from row in RfcVectors.Fields("misc/string-prep").GetProperty("saslprep").GetProperty("cases").EnumerateArray()
        let output = row.TryGetProperty("output", out JsonElement text) ? text.GetString() : null
        let error = row.TryGetProperty("error", out JsonElement reason) ? reason.GetString() : null
        select new object?[] { row.GetProperty("input").GetString(), output, error };

    [Theory]
    [MemberData(nameof(Rfc4013Section3))]
    public void SaslPrep_Rfc4013Example_HasPrintedOutcome(string input, string? output, string? error)
    {
        StringPreparationStatus expected = error switch
        {
            null => StringPreparationStatus.Success,
            "prohibited character" => StringPreparationStatus.Disallowed,
            "bidirectional check" => StringPreparationStatus.BidirectionalRuleFailed,
            _ => throw new JsonException(error),
        };

        Assert.Equal(output is not null, SaslPrep.TryPrepareStored(input, out string? stored, out StringPreparationStatus status));
        Assert.Equal(expected, status);
        Assert.Equal(output, stored);
        Assert.Equal(output is not null, SaslPrep.TryPrepareQuery(input, out string? query, out status));
        Assert.Equal(expected, status);
        Assert.Equal(output, query);
    }

    [Fact]
    public void SaslPrep_Rfc4013Examples_AreAllLoaded() => Assert.Equal(7, Rfc4013Section3.Count());

    // RFC 8489 appendix B.1 and RFC 5769 section 2.4 share this password.
    [Fact]
    public void SaslPrep_PasswordOfRfc5769_BecomesTheMatrix()
    {
        Assert.True(SaslPrep.TryPrepareStored("The\u00ADM\u00AAtr\u2168", out string? prepared, out _));
        Assert.Equal("TheMatrIX", prepared);
    }

    [Theory]
    [InlineData("a\u00A0b", "a b")]
    [InlineData("a\u3000b", "a b")]
    [InlineData("a\u200Bb", "a b")]
    [InlineData("a\u200D\uFE0F\uFEFF\u2060b", "ab")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\uFF21\uFB01", "Afi")]
    [InlineData("\u0627\u0031\u0628", "\u0627\u0031\u0628")]
    [InlineData("\u05D0 \u05D1", "\u05D0 \u05D1")]
    [InlineData("\u0340a", "\u0300a")]
    [InlineData("\U0002F868", "\U0002136A")]
    public void SaslPrep_MappedOrNormalized_IsPrepared(string input, string output)
    {
        Assert.True(SaslPrep.TryPrepareStored(input, out string? prepared, out StringPreparationStatus status));
        Assert.Equal(StringPreparationStatus.Success, status);
        Assert.Equal(output, prepared);
    }

    [Theory]
    [InlineData("", StringPreparationStatus.Empty)]
    [InlineData("\u00AD", StringPreparationStatus.Empty)]
    [InlineData("\u00AD\uFEFF\u200D", StringPreparationStatus.Empty)]
    [InlineData("a\0b", StringPreparationStatus.Disallowed)]
    [InlineData("a\tb", StringPreparationStatus.Disallowed)]
    [InlineData("a\u007F", StringPreparationStatus.Disallowed)]
    [InlineData("a\u0085", StringPreparationStatus.Disallowed)]
    [InlineData("\u06DD", StringPreparationStatus.Disallowed)]
    [InlineData("\u200E", StringPreparationStatus.Disallowed)]
    [InlineData("\u202Eabc", StringPreparationStatus.Disallowed)]
    [InlineData("\u2028", StringPreparationStatus.Disallowed)]
    [InlineData("\u2FF0", StringPreparationStatus.Disallowed)]
    [InlineData("\uE000", StringPreparationStatus.Disallowed)]
    [InlineData("\uFDD0", StringPreparationStatus.Disallowed)]
    [InlineData("\uFFFE", StringPreparationStatus.Disallowed)]
    [InlineData("\uFFFF", StringPreparationStatus.Disallowed)]
    [InlineData("\uFFFD", StringPreparationStatus.Disallowed)]
    [InlineData("\U0001FFFE", StringPreparationStatus.Disallowed)]
    [InlineData("\U000E0001", StringPreparationStatus.Disallowed)]
    [InlineData("\U0010FFFD", StringPreparationStatus.Disallowed)]
    [InlineData("\u0627a", StringPreparationStatus.BidirectionalRuleFailed)]
    [InlineData("a\u0627", StringPreparationStatus.BidirectionalRuleFailed)]
    [InlineData("\u0627a\u0628", StringPreparationStatus.BidirectionalRuleFailed)]
    [InlineData("1\u0627", StringPreparationStatus.BidirectionalRuleFailed)]
    [InlineData(" \u0627", StringPreparationStatus.BidirectionalRuleFailed)]
    [InlineData("\u0221", StringPreparationStatus.Unassigned)]
    [InlineData("\U0001F600", StringPreparationStatus.Unassigned)]
    public void SaslPrep_NotAllowed_IsRefusedWithReason(string input, StringPreparationStatus expected)
    {
        Assert.False(SaslPrep.TryPrepareStored(input, out string? prepared, out StringPreparationStatus status));
        Assert.Equal(expected, status);
        Assert.Null(prepared);
    }

    // Not InlineData: a lone surrogate does not survive the attribute's UTF-8.
    [Fact]
    public void SaslPrep_LoneSurrogate_IsMalformed()
    {
        foreach (char[] input in new char[][] { ['\uD800'], ['a', '\uDC00'], ['\uD83D', 'x'], ['\uDE00', '\uD83D'] })
        {
            Assert.False(SaslPrep.TryPrepareQuery(input, out _, out StringPreparationStatus status));
            Assert.Equal(StringPreparationStatus.MalformedUtf16, status);
        }
    }

    [Theory]
    [InlineData("\U0001F600", "\U0001F600")]
    [InlineData("e\u0301\U0001F600e\u0301", "\u00E9\U0001F600\u00E9")]
    [InlineData("\u1D2C\u1D2D", "\u1D2C\u1D2D")]
    [InlineData("\u0221\u0323\u0301", "\u0221\u0323\u0301")]
    public void SaslPrepQuery_UnassignedCodePoint_PassesThrough(string input, string output)
    {
        Assert.True(SaslPrep.TryPrepareQuery(input, out string? prepared, out _));
        Assert.Equal(output, prepared);
        Assert.False(SaslPrep.TryPrepareStored(input, out _, out StringPreparationStatus status));
        Assert.Equal(StringPreparationStatus.Unassigned, status);
    }

    [Theory]
    [InlineData("", "", 94937, "1082bd70f6c87c951e81cca4099bbb7557b43c83698f0d9b47e02f3bba53ecbf")]
    [InlineData("\u05D0", "\u05D0", 4347, "558c8ac8b03e14815dbf1bc6ebef131281f3dd6980d290e39cc7bb4ad83f80fa")]
    [InlineData("e\u0301", "", 93981, "841e001b773f72d5a5d46ef4b96322b284cbaf2e0b8636f3b50557d454996651")]
    public void SaslPrepStored_EveryCodePoint_AgreesWithIndependentPreparation(string prefix, string suffix, int accepted, string digest)
    {
        (string Digest, int Accepted) actual = PreparationDigest.Compute(
            prefix, suffix, static text => SaslPrep.TryPrepareStored(text, out string? prepared, out _) ? prepared : null);
        Assert.Equal(accepted, actual.Accepted);
        Assert.Equal(digest, actual.Digest);
    }

    [Fact]
    public void SaslPrepQuery_EveryCodePoint_AgreesWithIndependentPreparation()
    {
        (string Digest, int Accepted) actual = PreparationDigest.Compute(
            "", "", static text => SaslPrep.TryPrepareQuery(text, out string? prepared, out _) ? prepared : null);
        Assert.Equal(974246, actual.Accepted);
        Assert.Equal("75c838ea192bfbe01f37d1052a705660cdbcaab86df67fa06f60d42edd414a17", actual.Digest);
    }

    [Fact]
    public void SaslPrep_LongestInput_IsPreparedAndOneMoreRefused()
    {
        // The code point that grows most under form KC, and a run of marks that canonical reordering has to sort.
        string growing = new('\uFDFA', 4096);
        Assert.True(SaslPrep.TryPrepareStored(growing, out string? prepared, out _));
        Assert.Equal(18 * 4096, prepared.Length);

        string marks = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 2047)) + "b";
        Assert.True(SaslPrep.TryPrepareStored(marks, out prepared, out _));
        Assert.Equal(new string('\u0323', 2046), prepared[1..2047]);

        Assert.False(SaslPrep.TryPrepareStored(growing + "a", out _, out StringPreparationStatus status));
        Assert.Equal(StringPreparationStatus.TooLong, status);
        Assert.False(SaslPrep.TryPrepareQuery(new string('a', 1 << 22), out _, out status));
        Assert.Equal(StringPreparationStatus.TooLong, status);
    }

    [Fact]
    public void SaslPrep_AnyText_IsIdempotentAndNeverThrows()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(PreparationText.Arbitrary, text =>
            !SaslPrep.TryPrepareStored(text, out string? once, out _)
            || (SaslPrep.TryPrepareStored(once, out string? twice, out _) && string.Equals(once, twice, System.StringComparison.Ordinal))));
    }

    [Fact]
    public void SaslPrep_AnyStoredString_IsPreparedAlikeAsQuery()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(PreparationText.Arbitrary, text =>
            !SaslPrep.TryPrepareStored(text, out string? stored, out _)
            || (SaslPrep.TryPrepareQuery(text, out string? query, out _) && string.Equals(stored, query, System.StringComparison.Ordinal))));
    }
}
