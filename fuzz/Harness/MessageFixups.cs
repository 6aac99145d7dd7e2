using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stack.Fuzz;

/// <summary>Repairs what a decoder checks first, so that damage further in is reached: length, integrity under a known key, FINGERPRINT.</summary>
public sealed class MessageFixups(FuzzRandom random, StunMutatorOptions options)
{
    private const int IntegrityType = 0x0008;
    private const int Sha256Type = 0x001C;

    private readonly byte[] _key = options.Key.ToArray();

    /// <summary>Repairs with probability; does nothing to what is shorter than a header.</summary>
    public void Apply(MessageBuffer message)
    {
        if (message.Length < MessageBuffer.HeaderLength || random.OneIn(12))
        {
            return;
        }

        int excess = message.Length & 3;
        if (excess != 0 && !random.OneIn(4))
        {
            message.Append("\0\0\0\0"u8[excess..]);
        }

        bool lengthStays = random.OneIn(16);
        FixLength(message, lengthStays);
        if (options.IntegrityOneIn > 0 && random.OneIn(options.IntegrityOneIn))
        {
            Seal(message);
        }

        Fingerprint(message, lengthStays);
    }

    private static void FixLength(MessageBuffer message, bool stays)
    {
        if (!stays)
        {
            message.PutWord(2, message.Length - MessageBuffer.HeaderLength);
        }
    }

    private void Fingerprint(MessageBuffer message, bool lengthStays)
    {
        int at = message.Length - 8;
        bool there = at >= MessageBuffer.HeaderLength && message.Word(at) == 0x8028 && message.Word(at + 2) == 4;
        if (there ? random.OneIn(8) : !random.OneIn(8))
        {
            return;
        }

        if (!there)
        {
            at = message.Length;
            message.Append([0x80, 0x28, 0, 4, 0, 0, 0, 0]);
            if (message.Length != at + 8)
            {
                return;
            }

            FixLength(message, lengthStays);
        }

        BinaryPrimitives.WriteUInt32BigEndian(message.Written[(at + 4)..], FuzzCrc32.Fingerprint(message.Written[..at]));
    }

    /// <summary>Makes the first integrity attribute right, or adds one (RFC 8489 sections 14.5 and 14.6).</summary>
    private void Seal(MessageBuffer message)
    {
        message.Walk();
        int at = -1;
        for (int i = 0; i < message.AttributeCount && at < 0; i++)
        {
            int start = message.Boundary(i);
            int length = message.Word(start + 2);
            bool sealable = (message.Word(start) == IntegrityType && length == 20)
                || (message.Word(start) == Sha256Type && length is >= 16 and <= 32 && length % 4 == 0);
            at = sealable && start + 4 + length <= message.Length ? start : -1;
        }

        if (at < 0)
        {
            at = message.Length;
            int length = random.OneIn(2) ? 20 : 16 + (4 * random.Below(5));
            if (message.Free.Length < 36)
            {
                return;
            }

            message.Free[..(4 + length)].Clear();
            message.Advance(4 + length);
            message.PutWord(at, length == 20 && random.OneIn(2) ? IntegrityType : Sha256Type);
            message.PutWord(at + 2, length);
            FixLength(message, stays: false);
        }

        int stated = message.Word(2);
        int valueLength = message.Word(at + 2);
        message.PutWord(2, at + 4 + valueLength - MessageBuffer.HeaderLength);
        Span<byte> hash = stackalloc byte[32];
        if (message.Word(at) == IntegrityType)
        {
            HMACSHA1.HashData(_key, message.Written[..at], hash);
        }
        else
        {
            HMACSHA256.HashData(_key, message.Written[..at], hash);
        }

        hash[..valueLength].CopyTo(message.Written[(at + 4)..]);
        message.PutWord(2, stated);
    }
}
