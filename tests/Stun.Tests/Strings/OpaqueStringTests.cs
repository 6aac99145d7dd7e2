using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class OpaqueStringTests
{
    public static IEnumerable<object?[]> Rfc8265Section43 =>
        from row in RfcVectors.Fields("misc/string-prep").GetProperty("opaquestring").GetProperty("cases").EnumerateArray()
        let output = row.TryGetProperty("output", out JsonElement text) ? text.GetString() : null
        let error = row.TryGetProperty("error", out JsonElement reason) ? reason.GetString() : null
        select new object?[] { row.GetProperty("row").GetInt32(), row.GetProperty("input").GetString(), output, error };

    [Theory]
    [MemberData(nameof(Rfc8265Section43))]
    public void OpaqueString_Rfc8265Example_HasPrintedOutcome(int row, string input, string? output, string? error)
    {
        StringPreparationStatus expected = error switch
        {
            null => StringPreparationStatus.Success,
            "zero-length" => StringPreparationStatus.Empty,
            "control character" => StringPreparationStatus.Disallowed,
            _ => throw new JsonException(error),
        };

        Assert.InRange(row, 12, 18);
        Assert.Equal(output is not null, OpaqueString.TryPrepare(input, out string? prepared, out StringPreparationStatus status));
        Assert.Equal(expected, status);
        Assert.Equal(output, prepared);
    }

    [Fact]
    public void OpaqueString_Rfc8265Examples_AreAllLoaded() => Assert.Equal(7, Rfc8265Section43.Count());

    [Theory]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u00AA\u2168\uFF21\uFB01", "\u00AA\u2168\uFF21\uFB01")]
    [InlineData("\u1100\u1161", "\uAC00")]
    [InlineData("\u0627\u0031", "\u0627\u0031")]
    [InlineData("\u00DF\u03C2\u06FD\u06FE\u0F0B\u3007", "\u00DF\u03C2\u06FD\u06FE\u0F0B\u3007")]
    [InlineData("\U0001F600\U00020000", "\U0001F600\U00020000")]
    [InlineData("\uFFFD", "\uFFFD")]
    [InlineData(" ", " ")]
    public void OpaqueString_FreeformText_IsPrepared(string input, string output)
    {
        Assert.True(OpaqueString.TryPrepare(input, out string? prepared, out StringPreparationStatus status));
        Assert.Equal(StringPreparationStatus.Success, status);
        Assert.Equal(output, prepared);
    }

    [Theory]
    [InlineData("a\0", StringPreparationStatus.Disallowed)]
    [InlineData("\n", StringPreparationStatus.Disallowed)]
    [InlineData("\u007F", StringPreparationStatus.Disallowed)]
    [InlineData("\u0085", StringPreparationStatus.Disallowed)]
    [InlineData("The\u00ADM\u00AAtr\u2168", StringPreparationStatus.Disallowed)]
    [InlineData("\u034F", StringPreparationStatus.Disallowed)]
    [InlineData("\u0600", StringPreparationStatus.Disallowed)]
    [InlineData("\u0640", StringPreparationStatus.Disallowed)]
    [InlineData("\u07FA", StringPreparationStatus.Disallowed)]
    [InlineData("\u302E", StringPreparationStatus.Disallowed)]
    [InlineData("\u3031", StringPreparationStatus.Disallowed)]
    [InlineData("\u303B", StringPreparationStatus.Disallowed)]
    [InlineData("\u1100", StringPreparationStatus.Disallowed)]
    [InlineData("\uA960", StringPreparationStatus.Disallowed)]
    [InlineData("\uD7FB", StringPreparationStatus.Disallowed)]
    [InlineData("\u2028", StringPreparationStatus.Disallowed)]
    [InlineData("\u202E", StringPreparationStatus.Disallowed)]
    [InlineData("\uE000", StringPreparationStatus.Disallowed)]
    [InlineData("\uFE0F", StringPreparationStatus.Disallowed)]
    [InlineData("\uFEFF", StringPreparationStatus.Disallowed)]
    [InlineData("\uFDD0", StringPreparationStatus.Disallowed)]
    [InlineData("\uFFFE", StringPreparationStatus.Disallowed)]
    [InlineData("\U0010FFFF", StringPreparationStatus.Disallowed)]
    [InlineData("\U000E0001", StringPreparationStatus.Disallowed)]
    [InlineData("\u0378", StringPreparationStatus.Unassigned)]
    [InlineData("\U000E0000", StringPreparationStatus.Unassigned)]
    public void OpaqueString_OutsideFreeformClass_IsRefusedWithReason(string input, StringPreparationStatus expected)
    {
        Assert.False(OpaqueString.TryPrepare(input, out string? prepared, out StringPreparationStatus status));
        Assert.Equal(expected, status);
        Assert.Null(prepared);
    }

    [Fact]
    public void OpaqueString_LoneSurrogate_IsMalformed()
    {
        foreach (char[] input in new char[][] { ['\uD800'], ['a', '\uDC00'], ['\uD83D', 'x'], ['\uDE00', '\uD83D'] })
        {
            Assert.False(OpaqueString.TryPrepare(input, out _, out StringPreparationStatus status));
            Assert.Equal(StringPreparationStatus.MalformedUtf16, status);
        }
    }

    // RFC 5892 appendices A.1 to A.9, in that order.
    [Theory]
    [InlineData("\u0915\u094D\u200C\u0937", true)]
    [InlineData("\u062C\u200C\u0627", true)]
    [InlineData("\u062C\u0610\u0610\u200C\u0610\u0627", true)]
    [InlineData("\uA872\u200C\u062C", true)]
    [InlineData("\u200C", false)]
    [InlineData("a\u200Cb", false)]
    [InlineData("\u062C\u200C", false)]
    [InlineData("\u200C\u0627", false)]
    [InlineData("\u0627\u200C\u062C", false)]
    [InlineData("\u0610\u200C\u0627", false)]
    [InlineData("\u062C\u200C\u0610", false)]
    [InlineData("\u062C\u200C\u200C\u0627", false)]
    [InlineData("\u0915\u094D\u200D\u0937", true)]
    [InlineData("\u0915\u200D", false)]
    [InlineData("\u200D", false)]
    [InlineData("\u062C\u200D\u0627", false)]
    [InlineData("l\u00B7l", true)]
    [InlineData("col\u00B7lecci\u00F3", true)]
    [InlineData("L\u00B7L", false)]
    [InlineData("l\u00B7", false)]
    [InlineData("\u00B7l", false)]
    [InlineData("l\u00B7a", false)]
    [InlineData("\u0375\u03B1", true)]
    [InlineData("\u0375a", false)]
    [InlineData("\u03B1\u0375", false)]
    [InlineData("\u05D0\u05F3", true)]
    [InlineData("\u05F3\u05D0", false)]
    [InlineData("a\u05F3", false)]
    [InlineData("\u05D0\u05F4\u05D1", true)]
    [InlineData("\u05F4", false)]
    [InlineData("\u30FB\u3042", true)]
    [InlineData("\u30AB\u30FB", true)]
    [InlineData("abc\u30FB\u4E00", true)]
    [InlineData("\u30FB", false)]
    [InlineData("a\u30FBb", false)]
    [InlineData("\u0660\u0669", true)]
    [InlineData("\u06F0\u06F9", true)]
    [InlineData("\u0660\u06F0", false)]
    [InlineData("\u06F0a\u0660", false)]
    [InlineData("\u0660\u0031", true)]
    public void OpaqueString_ContextualCodePoint_FollowsItsRule(string input, bool allowed)
    {
        Assert.Equal(allowed, OpaqueString.TryPrepare(input, out _, out StringPreparationStatus status));
        Assert.Equal(allowed ? StringPreparationStatus.Success : StringPreparationStatus.ContextRuleFailed, status);
    }

    // Restricted to what Unicode 3.2 assigns, so that a runtime with a newer database changes nothing.
    [Fact]
    public void OpaqueString_EveryCodePointOfUnicode32_AgreesWithIndependentPreparation()
    {
        (string Digest, int Accepted) actual = PreparationDigest.Compute(
            "",
            "",
            static text => OpaqueString.TryPrepare(text, out string? prepared, out _) ? prepared : null,
            static rune => !CodePointRanges.Contains(StringprepTables.Unassigned, rune.Value));
        Assert.Equal(94742, actual.Accepted);
        Assert.Equal("3ad94c7e92b260f0c9fbc9d323eca1e64d2bb1b89010eed84fb5d8f68c0ac41e", actual.Digest);
    }

    // The step from "applied once" to "stable" that the profile's remarks claim, without exception.
    [Fact]
    public void OpaqueString_EveryCodePoint_IsStableAfterOneApplication()
    {
        foreach (Rune rune in PreparationDigest.AllRunes())
        {
            if (OpaqueString.TryPrepare(rune.ToString(), out string? once, out _))
            {
                Assert.True(OpaqueString.TryPrepare(once, out string? twice, out _));
                Assert.Equal(once, twice);
            }
        }
    }

    [Fact]
    public void OpaqueString_AnyText_IsIdempotentAndNeverThrows()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(PreparationText.Arbitrary, text =>
            !OpaqueString.TryPrepare(text, out string? once, out _)
            || (OpaqueString.TryPrepare(once, out string? twice, out _) && string.Equals(once, twice, StringComparison.Ordinal))));
    }

    [Fact]
    public void OpaqueString_AnyPrintableAscii_IsUnchanged()
    {
        Gen<string> ascii = Gen.Choose(0x20, 0x7E).Select(static unit => (char)unit).NonEmptyListOf().Select(string.Concat);
        Check.QuickThrowOnFailure(Prop.ForAll(ascii.ToArbitrary(), text =>
            OpaqueString.TryPrepare(text, out string? prepared, out _) && string.Equals(text, prepared, StringComparison.Ordinal)));
    }

    [Fact]
    public void OpaqueString_LongestInput_IsPreparedAndOneMoreRefused()
    {
        string joiners = string.Concat(Enumerable.Repeat("\u062C\u200C", 2047)) + "\u0627\u0627";
        Assert.True(OpaqueString.TryPrepare(joiners, out string? prepared, out _));
        Assert.Equal(joiners, prepared);

        string dots = new('\u30FB', 4096);
        Assert.False(OpaqueString.TryPrepare(dots, out _, out StringPreparationStatus status));
        Assert.Equal(StringPreparationStatus.ContextRuleFailed, status);

        Assert.False(OpaqueString.TryPrepare(joiners + "a", out _, out status));
        Assert.Equal(StringPreparationStatus.TooLong, status);
        Assert.False(OpaqueString.TryPrepare(new string('a', 1 << 22), out _, out status));
        Assert.Equal(StringPreparationStatus.TooLong, status);
    }
}
