using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Stack.Signaling.Server.Tests;

/// <summary>A frame as it is on the wire (RFC 6455 section 5.2), right or wrong.</summary>
internal sealed record WireFrame(int Opcode, byte[] Payload)
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int CloseOpcode = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    public bool Final { get; init; } = true;

    public bool Masked { get; init; } = true;

    public int Reserved { get; init; }

    /// <summary>What the header says in place of the payload's length.</summary>
    public ulong? ClaimedLength { get; init; }

    public string AsText => Encoding.UTF8.GetString(Payload);

    public int CloseCode => Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);

    public static WireFrame OfText(string text) => new(Text, Encoding.UTF8.GetBytes(text));

    public byte[] ToBytes()
    {
        List<byte> bytes = [(byte)((Final ? 0x80 : 0) | (Reserved << 4) | Opcode)];
        ulong length = ClaimedLength ?? (ulong)Payload.Length;
        byte mask = (byte)(Masked ? 0x80 : 0);
        if (length < 126)
        {
            bytes.Add((byte)(mask | (byte)length));
        }
        else if (length <= ushort.MaxValue)
        {
            bytes.AddRange([(byte)(mask | 126), (byte)(length >> 8), (byte)length]);
        }
        else
        {
            byte[] size = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(size, length);
            bytes.AddRange([(byte)(mask | 127), .. size]);
        }

        byte[] key = [0x12, 0x34, 0x56, 0x78];
        if (Masked)
        {
            bytes.AddRange(key);
        }

        for (int i = 0; i < Payload.Length; i++)
        {
            bytes.Add((byte)(Masked ? Payload[i] ^ key[i % 4] : Payload[i]));
        }

        return [.. bytes];
    }
}
