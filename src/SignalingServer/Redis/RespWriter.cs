using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Stack.Signaling.Server;

/// <summary>Writes commands as a store takes them: arrays of texts.</summary>
internal static class RespWriter
{
    /// <summary>Writes a command.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="parts">Its name and arguments, in UTF-8 or any bytes.</param>
    public static void Write(IBufferWriter<byte> output, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        WriteHead(output, '*', parts.Length);
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            WriteHead(output, '$', part.Length);
            output.Write(part.Span);
            output.Write("\r\n"u8);
        }
    }

    /// <summary>The UTF-8 of a text, as a part of a command.</summary>
    public static ReadOnlyMemory<byte> Part(string text) => Encoding.UTF8.GetBytes(text);

    private static void WriteHead(IBufferWriter<byte> output, char type, int count)
    {
        const int MaxSize = 16;
        Span<byte> head = output.GetSpan(MaxSize);
        head[0] = (byte)type;
        Utf8Formatter.TryFormat(count, head[1..], out int length);
        head[length + 1] = (byte)'\r';
        head[length + 2] = (byte)'\n';
        output.Advance(length + 3);
    }
}
