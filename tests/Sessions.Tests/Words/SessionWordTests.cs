using System;
using System.Linq;
using System.Security.Cryptography;
using Xunit;

namespace Stack.Sessions.Tests;

public sealed class SessionWordTests
{
    // The examples of the proposal for proquints: IPv4 addresses.
    [Theory]
    [InlineData("7F000001", "lusab-babad")]
    [InlineData("3F54DCC1", "gutih-tugad")]
    [InlineData("3F760723", "gutuk-bisog")]
    [InlineData("8C62C18D", "mudof-sakat")]
    [InlineData("40FF06C8", "haguz-biram")]
    [InlineData("801E342D", "mabiv-gibot")]
    [InlineData("93437702", "natag-lisaf")]
    [InlineData("D43AFD44", "tibup-zujah")]
    public void Create_KnownBits_AreTheKnownWords(string bits, string word)
    {
        using var random = new FixedBytes(Convert.FromHexString(bits));
        Assert.Equal(word, SessionWord.Create(2, random));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 23)]
    [InlineData(8, 47)]
    [InlineData(16, 95)]
    public void Create_Groups_HaveFiveLettersEach(int groups, int length)
    {
        string word = SessionWord.Create(groups);
        Assert.Equal(length, word.Length);
        Assert.Equal(groups, word.Split('-').Length);
        Assert.All(word.Split('-'), static group => Assert.Matches("^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]$", group));
        Assert.NotEqual(word, SessionWord.Create(Math.Max(groups, 4)));
    }

    // Every bit counts: 65,536 groups for as many values.
    [Fact]
    public void Create_EveryValueOfAGroup_IsAnotherWord()
    {
        var words = Enumerable.Range(0, 65_536).Select(static value =>
        {
            using var random = new FixedBytes([(byte)(value >> 8), (byte)(value & 0xFF)]);
            return SessionWord.Create(1, random);
        });
        Assert.Equal(65_536, words.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void Create_TooFewOrTooMany_IsTheCallersMistake(int groups) => Assert.Throws<ArgumentOutOfRangeException>(() => SessionWord.Create(groups));

    private sealed class FixedBytes(byte[] bytes) : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => bytes.CopyTo(data, 0);

        public override void GetBytes(Span<byte> data) => bytes.CopyTo(data);
    }
}
