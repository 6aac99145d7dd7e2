using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class SafeTextTests
{
    [Fact]
    public void Escape_EveryCodePoint_LeavesNothingThatMovesHidesOrReorders()
    {
        for (int value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value))
            {
                continue;
            }

            string escaped = SafeText.Escape($"a{new Rune(value)}b");
            Assert.True(SafeOutput.IsSafe(escaped), $"U+{value:X}: {escaped}");
            if (SafeOutput.IsHostile(new Rune(value)))
            {
                Assert.Equal($"a\\u{{{value:x}}}b", escaped);
            }
        }
    }

    [Theory]
    [InlineData("stun.example.org:3478")]
    [InlineData("Citrix-3.2.4.5 'Marshal West'")]
    [InlineData("マトリックス")]
    [InlineData("naïve Ω 😀")]
    public void Escape_HarmlessText_IsUnchanged(string text) => Assert.Equal(text, SafeText.Escape(text));

    [Fact]
    public void Escape_LoneSurrogates_AreShownAsNumbers() => Assert.Equal("\\u{d800}x\\u{dc00}", SafeText.Escape("\ud800x\udc00"));

    [Fact]
    public void Of_LongText_IsCutAt256AndNotInsideOfAPair()
    {
        Assert.Equal(new string('a', 256), SafeText.Of(new string('a', 256)));
        Assert.Equal(new string('a', 256) + "...", SafeText.Of(new string('a', 257)));
        string cut = SafeText.Of(new string('a', 255) + string.Concat(Enumerable.Repeat("😀", 9)));
        Assert.Equal(new string('a', 255) + "...", cut);
    }
}
