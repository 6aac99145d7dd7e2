using System;
using System.Linq;

namespace Stack.Stun.Tests;

/// <summary>Writes messages by hand for the tests of the reference decoder, without any code of the product.</summary>
internal static class ReferenceBytes
{
    private const string Cookie = "2112A442";
    private const string TransactionId = "000102030405060708090A0B";

    /// <summary>A Binding request with a correct length around attributes in hexadecimal.</summary>
    public static byte[] Message(params string[] attributes) => Message(Cookie, attributes);

    /// <summary>The same with other bytes where the magic cookie belongs.</summary>
    public static byte[] ClassicMessage(params string[] attributes) => Message("DEADBEEF", attributes);

    /// <summary>An attribute with its padding.</summary>
    public static string Attribute(int type, string value)
    {
        int length = value.Length / 2;
        return $"{type:X4}{length:X4}{value}" + Zeros((4 - (length % 4)) % 4);
    }

    /// <summary>As many zero bytes.</summary>
    public static string Zeros(int count) => string.Concat(Enumerable.Repeat("00", count));

    private static byte[] Message(string cookie, string[] attributes)
    {
        string body = string.Concat(attributes);
        return Convert.FromHexString($"0001{body.Length / 2:X4}{cookie}{TransactionId}{body}");
    }
}
