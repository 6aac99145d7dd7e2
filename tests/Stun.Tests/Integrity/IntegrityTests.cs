using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class IntegrityTests
{
    // An own computation, which writes the length that each attribute is hashed with by hand (RFC 8489 sections 14.5 and 14.6).
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(529)]
    [InlineData(552)]
    [InlineData(553)]
    [InlineData(556)]
    [InlineData(557)]
    [InlineData(4000)]
    [InlineData(65000)]
    public void Add_MessageOfAnySize_IsTheHmacOfTheFramework(int padding)
    {
        byte[] body = Wire.Attribute(0x0026, new byte[padding]);
        byte[] expected = Protect(Protect(Wire.Message(body), 0x0008, 20), 0x001C, 32);
        using var key = new IntegrityKey(Wire.Key);
        var writer = new StunMessageWriter(new byte[expected.Length], StunMessageType.BindingRequest, Wire.Id);
        writer.AddPadding(padding);
        writer.AddMessageIntegrity(key);
        writer.AddMessageIntegritySha256(key);

        Assert.True(writer.Written.SequenceEqual(expected));
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(expected, out StunMessage message));
        Assert.True(MessageIntegrity.Verify(message, key));
        Assert.True(MessageIntegritySha256.Verify(message, key));
    }

    // RFC 8489 section 14.6: 16 to 32 bytes in steps of four; below 32 only where the usage allows it.
    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void Sha256_Truncated_HoldsDownToTheMinimumOfTheUsage(int size)
    {
        byte[] expected = Protect(Wire.Message(Wire.Attribute(0x8022, "test")), 0x001C, size);
        using var key = new IntegrityKey(Wire.Key);
        var writer = new StunMessageWriter(new byte[expected.Length], StunMessageType.BindingRequest, Wire.Id);
        writer.AddSoftware("test"u8);
        writer.AddMessageIntegritySha256(key, size);
        Assert.Equal(expected, writer.Written.ToArray());

        StunMessage.Decode(expected, out StunMessage message);
        for (int minimum = 16; minimum <= 32; minimum += 4)
        {
            Assert.Equal(size >= minimum, MessageIntegritySha256.Verify(message, key, minimum));
            Assert.Equal(size >= minimum, VerifiedStunMessage.TryVerify(message, key, out _, minimum));
        }

        Assert.Equal(size == 32, MessageIntegritySha256.Verify(message, key));
        Assert.Equal(size == 32, VerifiedStunMessage.TryVerify(message, key, out _));
    }

    // The length is hashed, so that a whole value cannot be cut down to a truncated one on its way.
    [Fact]
    public void Sha256_CutDownByAnAttacker_IsRefused()
    {
        byte[] whole = Protect(Wire.Message(), 0x001C, 32);
        byte[] cut = Wire.Message(Wire.Attribute(0x001C, whole.AsSpan(24, 16)));
        using var key = new IntegrityKey(Wire.Key);
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(cut, out StunMessage message));
        Assert.False(MessageIntegritySha256.Verify(message, key, 16));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(36)]
    [InlineData(-4)]
    public void AddSha256_SizeThatIsNone_Throws(int size) => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        using var key = new IntegrityKey(Wire.Key);
        var writer = new StunMessageWriter(new byte[100], StunMessageType.BindingRequest, Wire.Id);
        writer.AddMessageIntegritySha256(key, size);
    });

    [Theory]
    [InlineData(0x0008, 20)]
    [InlineData(0x001C, 32)]
    [InlineData(0x001C, 16)]
    public void Verify_AnyBitFlipped_IsRefused(int type, int size)
    {
        byte[] good = Protect(Wire.Message(Wire.Attribute(0x0006, "evtj:h6vY"), Wire.Attribute(0x8022, "ab")), type, size);
        byte[] fingerprinted = WithFingerprint(good);
        using var key = new IntegrityKey(Wire.Key);
        Assert.True(Accepts(fingerprinted, key));
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bad = [.. fingerprinted];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Accepts(bad, key), $"bit {bit}");

            // The hash alone refuses it too, with a FINGERPRINT that fits.
            byte[] mended = WithFingerprint(bad[..good.Length], keepLength: true);
            Assert.False(Accepts(mended, key), $"bit {bit}, fingerprint mended");
        }

        for (int bit = good.Length * 8; bit < fingerprinted.Length * 8; bit++)
        {
            byte[] bad = [.. fingerprinted];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(StunMessage.Decode(bad, out StunMessage message) != StunDecodeStatus.Ok || !Fingerprint.Verify(message), $"bit {bit}");
        }
    }

    [Fact]
    public void Verify_OtherKey_IsRefused()
    {
        byte[] bytes = Protect(Protect(Wire.Message(), 0x0008, 20), 0x001C, 32);
        StunMessage.Decode(bytes, out StunMessage message);
        byte[][] others = [[], [0], Wire.Key[..^1], [.. Wire.Key, (byte)'a'], new byte[64]];
        foreach (byte[] other in others)
        {
            using var key = new IntegrityKey(other);
            Assert.False(MessageIntegrity.Verify(message, key));
            Assert.False(MessageIntegritySha256.Verify(message, key));
        }
    }

    [Fact]
    public void Verify_NoIntegrityAttribute_IsRefused()
    {
        using var key = new IntegrityKey(Wire.Key);
        StunMessage.Decode(Wire.Message(Wire.Attribute(0x8022, "test")), out StunMessage message);
        Assert.False(MessageIntegrity.Verify(message, key));
        Assert.False(MessageIntegritySha256.Verify(message, key));
        Assert.False(VerifiedStunMessage.TryVerify(message, key, out _));
        Assert.False(VerifiedStunMessage.TryVerify(default, key, out _));
        Assert.False(Fingerprint.Verify(message));
        Assert.False(Fingerprint.Verify(default));
    }

    // RFC 8489 section 9.2.4: where both are there, MESSAGE-INTEGRITY-SHA256 decides; a right MESSAGE-INTEGRITY does not save it.
    [Fact]
    public void TryVerify_BothAttributes_Sha256Decides()
    {
        byte[] bytes = Protect(Protect(Wire.Message(), 0x0008, 20), 0x001C, 32);
        using var key = new IntegrityKey(Wire.Key);
        StunMessage.Decode(bytes, out StunMessage message);
        Assert.True(VerifiedStunMessage.TryVerify(message, key, out VerifiedStunMessage verified));
        Assert.Equal(IntegrityAlgorithm.Sha256, verified.Algorithm);

        bytes[^1] ^= 1;
        StunMessage.Decode(bytes, out message);
        Assert.True(MessageIntegrity.Verify(message, key));
        Assert.False(VerifiedStunMessage.TryVerify(message, key, out _));
    }

    [Fact]
    public void Verify_Buffer_IsNotPatched()
    {
        byte[] bytes = WithFingerprint(Protect(Protect(Wire.Message(Wire.Attribute(0x0006, "u")), 0x0008, 20), 0x001C, 32));
        byte[] before = [.. bytes];
        using var key = new IntegrityKey(Wire.Key);
        StunMessage.Decode(bytes, out StunMessage message);
        Assert.True(MessageIntegrity.Verify(message, key));
        Assert.True(MessageIntegritySha256.Verify(message, key));
        Assert.True(Fingerprint.Verify(message));
        Assert.Equal(before, bytes);
    }

    // RFC 8489 section 14.5, all orders of what may and may not follow: only what stands before the first integrity attribute is seen,
    // MESSAGE-INTEGRITY-SHA256 also behind MESSAGE-INTEGRITY, and FINGERPRINT.
    [Fact]
    public void Visibility_EveryOrder_FollowsTheFirstIntegrityAttribute()
    {
        int[] types = [0x0006, 0x8022, 0x0008, 0x001C];
        int tried = 0;
        foreach (int[] order in Permutations(types))
        {
            for (int fingerprint = 0; fingerprint < 2; fingerprint++)
            {
                byte[] bytes = Wire.Message();
                foreach (int type in order)
                {
                    bytes = type switch
                    {
                        0x0008 => Protect(bytes, type, 20),
                        0x001C => Protect(bytes, type, 32),
                        _ => Append(bytes, Wire.Attribute(type, "x")),
                    };
                }

                bytes = fingerprint == 1 ? WithFingerprint(bytes) : bytes;
                AssertVisible(bytes, order, fingerprint == 1);
                tried++;
            }
        }

        Assert.Equal(48, tried);
    }

    [Fact]
    public void Key_Disposed_IsNotUsedAsZeroes()
    {
        byte[] bytes = Protect(Wire.Message(), 0x0008, 20, key: new byte[Wire.Key.Length]);
        var key = new IntegrityKey(Wire.Key);
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
        {
            StunMessage.Decode(bytes, out StunMessage message);
            MessageIntegrity.Verify(message, key);
        });
        Assert.Throws<ObjectDisposedException>(() =>
        {
            var writer = new StunMessageWriter(new byte[100], StunMessageType.BindingRequest, Wire.Id);
            writer.AddMessageIntegritySha256(key);
        });
    }

    [Fact]
    public void Key_CallersArrayChangedLater_IsACopy()
    {
        byte[] mine = [.. Wire.Key];
        using var key = new IntegrityKey(mine);
        Array.Clear(mine);
        StunMessage.Decode(Protect(Wire.Message(), 0x0008, 20), out StunMessage message);
        Assert.True(MessageIntegrity.Verify(message, key));
    }

    // SASLprep maps U+00AD to nothing; a credential of nothing else would have the key that everybody knows.
    [Fact]
    public void Credential_PasswordPreparedToNothing_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ShortTermCredential("user", "\u00AD", CredentialPreparation.SaslPrep));
        Assert.Throws<ArgumentException>(() => new LongTermCredential("user", "\u00AD", CredentialPreparation.SaslPrep));
        Assert.Throws<ArgumentException>(() => new LongTermCredential("\u00AD", "password", CredentialPreparation.SaslPrep));
    }

    [Fact]
    public void Key_Missing_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => MessageIntegrity.Verify(default, null!));
        Assert.Throws<ArgumentNullException>(() => MessageIntegritySha256.Verify(default, null!));
        Assert.Throws<ArgumentNullException>(() => VerifiedStunMessage.TryVerify(default, null!, out _));
    }

    internal static byte[] Protect(byte[] message, int type, int size, byte[]? key = null)
    {
        byte[] covered = [.. message];
        BinaryPrimitives.WriteUInt16BigEndian(covered.AsSpan(2), (ushort)(message.Length - 20 + 4 + size));
        HashAlgorithmName algorithm = type == 0x0008 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        byte[] hash = CryptographicOperations.HmacData(algorithm, key ?? Wire.Key, covered);
        return Append(message, Wire.Attribute(type, hash.AsSpan(0, size)));
    }

    private static byte[] Append(byte[] message, byte[] attribute)
    {
        byte[] longer = [.. message, .. attribute];
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)(longer.Length - 20));
        return longer;
    }

    // The bitwise CRC of RFC 1952 section 8.
    private static byte[] WithFingerprint(byte[] message, bool keepLength = false)
    {
        byte[] longer = [.. message, 0x80, 0x28, 0, 4, 0, 0, 0, 0];
        if (!keepLength)
        {
            BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)(longer.Length - 20));
        }

        uint crc = uint.MaxValue;
        foreach (byte value in longer.AsSpan(0, message.Length))
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(longer.AsSpan(message.Length + 4), ~crc ^ 0x5354554E);
        return longer;
    }

    private static bool Accepts(byte[] bytes, IntegrityKey key)
        => StunMessage.Decode(bytes, out StunMessage message) == StunDecodeStatus.Ok
            && Fingerprint.Verify(message)
            && VerifiedStunMessage.TryVerify(message, key, out _, MessageIntegritySha256.MinSize);

    private static void AssertVisible(byte[] bytes, int[] order, bool fingerprint)
    {
        using var key = new IntegrityKey(Wire.Key);
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(bytes, out StunMessage message));
        int sha1 = Array.IndexOf(order, 0x0008);
        int sha256 = Array.IndexOf(order, 0x001C);
        int first = Math.Min(sha1, sha256);
        int[] expected =
        [
            .. order[..(first + 1)],
            .. sha1 < sha256 ? [0x001C] : Array.Empty<int>(),
            .. fingerprint ? [0x8028] : Array.Empty<int>(),
        ];

        Assert.Equal(expected, Types(message));
        foreach (int type in order)
        {
            Assert.Equal(expected.Contains(type), message.TryFind((StunAttributeType)type, out _));
        }

        Assert.Equal(fingerprint, message.TryFind(StunAttributeType.Fingerprint, out _));
        Assert.Equal(sha1 < sha256, message.HasMessageIntegrity);
        Assert.Equal(sha1 < sha256, MessageIntegrity.Verify(message, key));
        Assert.True(message.HasMessageIntegritySha256);
        Assert.True(MessageIntegritySha256.Verify(message, key));
        Assert.Equal(fingerprint, Fingerprint.Verify(message));
        Assert.Equal(expected.Contains(0x0006), message.ReadUsername(out _) == StunAttributeStatus.Present);
        Assert.Equal(expected.Contains(0x8022), message.ReadSoftware(out _) == StunAttributeStatus.Present);
    }

    private static int[] Types(scoped in StunMessage message)
    {
        var types = new List<int>();
        foreach (StunAttribute attribute in message)
        {
            types.Add((int)attribute.Type);
        }

        return [.. types];
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
