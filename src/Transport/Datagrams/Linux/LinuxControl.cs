namespace Stack.Transport;

/// <summary>Reads and writes control messages (<c>struct cmsghdr</c>) of 64-bit Linux.</summary>
internal static unsafe class LinuxControl
{
    /// <summary>Length, level and type.</summary>
    public const int HeaderSize = 16;

    /// <summary>What one with an integer, or less, takes.</summary>
    public const int IntegerSize = HeaderSize + sizeof(long);

    /// <summary>Writes one.</summary>
    /// <returns>Where the next one goes.</returns>
    public static byte* Write(byte* at, int level, int type, int value, int size)
    {
        *(long*)at = HeaderSize + size;
        *(int*)(at + 8) = level;
        *(int*)(at + 12) = type;

        // Little-endian, as all that .NET runs on: the low bytes come first.
        *(long*)(at + HeaderSize) = (uint)value;
        return at + IntegerSize;
    }

    /// <summary>Finds one and reads its first bytes, four at most, as an integer.</summary>
    public static bool TryRead(byte* control, nint length, int level, int type, out int value)
    {
        byte* end = control + length;
        for (byte* at = control; end - at >= HeaderSize;)
        {
            long size = *(long*)at;
            if (size < HeaderSize || size > end - at)
            {
                break;
            }

            if (*(int*)(at + 8) == level && *(int*)(at + 12) == type)
            {
                value = size - HeaderSize >= sizeof(int) ? *(int*)(at + HeaderSize) : size == HeaderSize ? 0 : at[HeaderSize];
                return true;
            }

            at += (size + 7) & ~7;
        }

        value = 0;
        return false;
    }
}
