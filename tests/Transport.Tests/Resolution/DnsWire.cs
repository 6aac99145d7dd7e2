using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Stack.Transport.Tests;

/// <summary>Writes DNS messages octet by octet, well-formed or not; shares nothing with the code under test.</summary>
internal sealed class DnsWire
{
    public const int A = 1;
    public const int Cname = 5;
    public const int Aaaa = 28;
    public const int Srv = 33;
    public const int Naptr = 35;
    public const int Opt = 41;

    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Pointer(int offset) => Word(0xC000 | offset);

    public static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]), 0];

    public static byte[] SrvContent(int priority, int weight, int port, byte[] target) => [.. Word(priority), .. Word(weight), .. Word(port), .. target];

    public static byte[] NaptrContent(int order, int preference, string flags, string services, string expression, byte[] replacement) =>
        [.. Word(order), .. Word(preference), .. Text(flags), .. Text(services), .. Text(expression), .. replacement];

    /// <summary>A response with the question of a query as it stands there.</summary>
    public static DnsWire Reply(byte[] query, int answers = 0, int authorities = 0, int additionals = 0, int flags = 0x8180, int questions = 1) => new DnsWire()
        .Add(query[..2]).Add(Word(flags)).Add(Word(questions)).Add(Word(answers)).Add(Word(authorities)).Add(Word(additionals))
        .Add(QuestionOf(query));

    /// <summary>The complete response to a query: one record per content, at the name asked for.</summary>
    public static byte[] Answer(byte[] query, int type, params byte[][] contents)
    {
        DnsWire reply = Reply(query, answers: contents.Length);
        foreach (byte[] content in contents)
        {
            reply.Record(Pointer(12), type, content);
        }

        return reply.ToArray();
    }

    public static byte[] QuestionOf(byte[] query) => query[12..(Array.IndexOf(query, (byte)0, 12) + 5)];

    public static string NameOf(byte[] query)
    {
        StringBuilder name = new();
        for (int i = 12; query[i] != 0; i += query[i] + 1)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(query, i + 1, query[i]));
        }

        return name.ToString();
    }

    public DnsWire Add(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public DnsWire Record(byte[] owner, int type, byte[] content, int recordClass = 1, int? length = null, int timeToLive = 60) =>
        Add(owner).Add(Word(type)).Add(Word(recordClass)).Add(Word(timeToLive >> 16)).Add(Word(timeToLive)).Add(Word(length ?? content.Length)).Add(content);

    public byte[] ToArray() => [.. _bytes];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];
}
