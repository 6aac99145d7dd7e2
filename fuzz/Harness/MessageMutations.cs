using System;

namespace Stack.Fuzz;

/// <summary>Small damages and rearrangements of an existing message.</summary>
public sealed class MessageMutations(FuzzRandom random, AttributeSketch sketch)
{
    private static ReadOnlySpan<byte> InterestingBytes => [0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x14, 0x20, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xFF];

    private static readonly ushort[] InterestingWords =
    [
        0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0007, 0x0008, 0x0009, 0x0010, 0x0013, 0x0014, 0x0015, 0x001F, 0x0020, 0x0021,
        0x00FF, 0x0100, 0x02FB, 0x02FC, 0x7FFF, 0x8000, 0x8022, 0x8028, 0xFFFB, 0xFFFC, 0xFFFD, 0xFFFF, 0x2112, 0xA442,
    ];

    private static readonly ushort[] GuardTypes = [0x0008, 0x0008, 0x001C, 0x001C, 0x8028, 0x8028, 0x0006, 0x0009, 0x0020, 0x8002];

    /// <summary>Applies one mutation; it may find nothing to do.</summary>
    public void Apply(MessageBuffer message)
    {
        int kind = random.Below(24);
        if (message.Length == 0)
        {
            Extend(message);
            return;
        }

        switch (kind)
        {
            case 0 or 1 or 2:
                int bit = random.Below(message.Length * 8);
                message.Written[bit >> 3] ^= (byte)(1 << (bit & 7));
                break;
            case 3 or 4:
                message.Written[random.Below(message.Length)] = random.Pick(InterestingBytes);
                break;
            case 5:
                message.Written[random.Below(message.Length)] = (byte)random.Next();
                break;
            case 6:
                int word = random.Below(message.Length / 2) * 2;
                if (word + 2 <= message.Length)
                {
                    message.PutWord(word, random.Pick<ushort>(InterestingWords));
                }

                break;
            case 7:
                Header(message);
                break;
            case 8:
                message.Truncate(random.OneIn(2) ? random.Below(message.Length) : message.Length - 1 - random.Below(8));
                break;
            case 9:
                Extend(message);
                break;
            case 10 or 11:
                Insert(message, type: -1);
                break;
            case 12:
                Insert(message, random.Pick<ushort>(GuardTypes));
                break;
            default:
                message.Walk();
                if (message.AttributeCount > 0)
                {
                    Attribute(message, kind, random.Below(message.AttributeCount));
                }

                break;
        }
    }

    private void Attribute(MessageBuffer message, int kind, int index)
    {
        int start = message.Boundary(index);
        int size = message.Boundary(index + 1) - start;
        int length = message.Word(start + 2);
        int present = Math.Min(length, Math.Max(0, message.Length - start - 4));
        switch (kind)
        {
            case 13 or 14:
                message.CloseGap(start, size);
                break;
            case 15:
                Move(message, message.Boundary(random.Below(message.AttributeCount + 1)), message.Hold(start, size));
                break;
            case 16 or 17:
                int other = random.Below(message.AttributeCount);
                ReadOnlySpan<byte> held = message.Hold(start, size);
                message.CloseGap(start, size);
                message.Walk();
                Move(message, message.Boundary(Math.Min(other, message.AttributeCount)), held);
                break;
            case 18:
                message.PutWord(start + 2, length + random.Below(9) - 4);
                break;
            case 19:
                message.PutWord(start + 2, random.OneIn(2) ? random.Pick<ushort>(InterestingWords) : message.Length - start - 4);
                break;
            case 20:
                message.PutWord(start, random.OneIn(2) ? random.Pick<ushort>(GuardTypes) : random.Below(0x30));
                break;
            case 21:
                random.Fill(message.Written.Slice(start + 4, present));
                break;
            case 22:
                random.Fill(message.Written[Math.Min(start + 4 + present, message.Length)..(start + size)]);
                break;
            default:
                Resize(message, start, size, length);
                break;
        }
    }

    private static void Move(MessageBuffer message, int target, ReadOnlySpan<byte> attribute)
    {
        if (message.OpenGap(target, attribute.Length))
        {
            attribute.CopyTo(message.Written[target..]);
        }
    }

    /// <summary>Gives an attribute another length and keeps its padding right, so that what follows stays in step.</summary>
    private void Resize(MessageBuffer message, int start, int size, int length)
    {
        int wanted = Math.Max(0, length + random.Below(17) - 8);
        int grown = 4 + MessageBuffer.Padded(wanted) - size;
        if (4 + MessageBuffer.Padded(length) != size || wanted > 0xFFFF)
        {
            return;
        }

        if (grown > 0)
        {
            if (!message.OpenGap(start + size, grown))
            {
                return;
            }

            random.Fill(message.Written.Slice(start + size, grown));
        }
        else
        {
            message.CloseGap(start + size + grown, -grown);
        }

        message.PutWord(start + 2, wanted);
    }

    private void Insert(MessageBuffer message, int type)
    {
        Span<byte> attribute = stackalloc byte[AttributeSketch.MostBytes];
        int size = type < 0 ? sketch.Write(attribute) : sketch.Write(attribute, type);
        message.Walk();
        int target = message.Boundary(random.Below(message.AttributeCount + 1));
        Move(message, target, attribute[..size]);
    }

    private void Extend(MessageBuffer message)
    {
        int count = Math.Min(random.OneIn(16) ? 1 + random.Below(300) : 1 + random.Below(12), message.Free.Length);
        Span<byte> tail = message.Free[..count];
        tail.Clear();
        if (!random.OneIn(3))
        {
            random.Fill(tail);
        }

        message.Advance(count);
    }

    private void Header(MessageBuffer message)
    {
        if (message.Length < MessageBuffer.HeaderLength)
        {
            return;
        }

        switch (random.Below(6))
        {
            case 0:
                message.PutWord(0, random.Below(0x4000));
                break;
            case 1:
                message.Written[4 + random.Below(4)] ^= (byte)(1 << random.Below(8));
                break;
            case 2:
                random.Fill(message.Written.Slice(4, 4));
                break;
            case 3:
                random.Fill(message.Written.Slice(8, 12));
                break;
            case 4:
                message.PutWord(2, random.Pick<ushort>(InterestingWords));
                break;
            default:
                message.PutWord(2, message.Length - MessageBuffer.HeaderLength + random.Below(17) - 8);
                break;
        }
    }
}
