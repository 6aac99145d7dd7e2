using System;
using System.Globalization;
using System.Text;

namespace Stack.Cli;

/// <summary>
/// The datagrams of probes: <c>ping N</c>, answered by <c>pong N</c>, and <c>bye</c> from who has all of its own back. None looks like STUN, DTLS or RTP
/// (RFC 7983 section 7).
/// </summary>
internal static class ProbePacket
{
    public const int Size = 172;

    /// <summary>What says that all is back.</summary>
    public static readonly byte[] Bye = "bye"u8.ToArray();

    public static byte[] Ping(int number) => Format("ping", number);

    /// <summary>Reads a datagram; what is no probe is somebody else's.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="number">The number of the probe, counted from 1.</param>
    public static bool IsPing(ReadOnlySpan<byte> datagram, out int number) => TryRead(datagram, "ping "u8, out number);

    /// <summary>Reads the answer to a probe.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="number">The number of the probe, counted from 1.</param>
    public static bool IsPong(ReadOnlySpan<byte> datagram, out int number) => TryRead(datagram, "pong "u8, out number);

    public static bool IsBye(ReadOnlySpan<byte> datagram) => datagram.SequenceEqual(Bye);

    /// <summary>The answer to a probe.</summary>
    public static byte[] Pong(int number) => Format("pong", number);

    private static byte[] Format(string kind, int number)
        => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {number} ").PadRight(Size, '.'));

    private static bool TryRead(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> kind, out int number)
    {
        number = 0;
        if (datagram.Length != Size || !datagram.StartsWith(kind))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = datagram[kind.Length..];
        int end = rest.IndexOf((byte)' ');
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && rest[(end + 1)..].IndexOfAnyExcept((byte)'.') < 0;
    }
}
