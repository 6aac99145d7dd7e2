using System;
using System.Buffers;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Signaling.Server.Tests;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "OK")]
    [InlineData("-ERR no\r\n", "!ERR no")]
    [InlineData(":42\r\n", "#42")]
    [InlineData(":-1\r\n", "#-1")]
    [InlineData("$5\r\nhello\r\n", "hello")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("$-1\r\n", "null")]
    [InlineData("_\r\n", "null")]
    [InlineData("#t\r\n", "#1")]
    [InlineData("*2\r\n+a\r\n:1\r\n", "[a #1]")]
    [InlineData("*-1\r\n", "null")]
    [InlineData("%1\r\n+k\r\n*0\r\n", "[k []]")]
    [InlineData(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\na\n\r\n", ">[message c a\n]")]
    [InlineData("=7\r\ntxt:abc\r\n", "txt:abc")]
    [InlineData("!3\r\nbad\r\n", "!bad")]
    public void TryRead_Value_IsReadWhateverTheCuts(string text, string expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(RespReadStatus.Incomplete, RespReader.TryRead(new ReadOnlySequence<byte>(bytes, 0, length), out _, out SequencePosition start));
            Assert.Equal(0, new ReadOnlySequence<byte>(bytes).GetOffset(start));
        }

        byte[] more = [.. bytes, .. "+next\r\n"u8];
        Assert.Equal(RespReadStatus.Read, RespReader.TryRead(new ReadOnlySequence<byte>(more), out RespValue value, out SequencePosition end));
        Assert.Equal(expected, Show(value));
        Assert.Equal(bytes.Length, new ReadOnlySequence<byte>(more).GetOffset(end));
    }

    [Theory]
    [InlineData("?\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData(":x\r\n")]
    [InlineData(":1 \r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$1048577\r\n")]
    [InlineData("$99999999999999999999\r\n")]
    [InlineData("$1\r\nab\r\n")]
    [InlineData("*4097\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n")]
    public void TryRead_WhatIsNotTheProtocolOrTooMuch_IsMalformed(string text)
        => Assert.Equal(RespReadStatus.Malformed, RespReader.TryRead(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text)), out _, out _));

    [Fact]
    public void TryRead_LineWithoutEnd_IsMalformedWhenItIsLong()
    {
        byte[] line = [(byte)'+', .. Enumerable.Repeat((byte)'a', 5000)];
        Assert.Equal(RespReadStatus.Malformed, RespReader.TryRead(new ReadOnlySequence<byte>(line), out _, out _));
    }

    private static string Show(RespValue value) => value.Kind switch
    {
        RespKind.Null => "null",
        RespKind.Text => value.Text,
        RespKind.Number => $"#{value.Number}",
        RespKind.Error => $"!{value.Text}",
        RespKind.Push => $">[{string.Join(' ', value.Items.Select(Show))}]",
        _ => $"[{string.Join(' ', value.Items.Select(Show))}]",
    };
}
