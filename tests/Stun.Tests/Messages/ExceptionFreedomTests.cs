using System;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class ExceptionFreedomTests
{
    // A peer's bytes are ordinary input: no exception is thrown on them, not even one that is caught.
    [Fact]
    public void Decode_AMillionMalformedDatagrams_ThrowsNothing()
    {
        AttributeReader[] readers = [.. AttributeReaders.All.Values];
        var datagrams = new MalformedDatagrams(seed: 20260);
        var outcomes = new Dictionary<StunDecodeStatus, int>();
        var values = new Dictionary<StunAttributeStatus, int>();
        using var key = new IntegrityKey(Wire.Key);
        using var exceptions = new FirstChanceExceptions();

        for (int i = 0; i < 1_000_000; i++)
        {
            byte[] datagram = datagrams.Next();
            StunDialect dialect = (i & 7) == 0 ? StunDialect.AcceptClassic : StunDialect.Rfc8489;
            StunDecodeStatus status = StunMessage.Decode(datagram, dialect, out StunMessage message);
            outcomes[status] = outcomes.GetValueOrDefault(status) + 1;
            StunDemultiplexer.Classify(datagram);
            if (status == StunDecodeStatus.Ok)
            {
                ReadAll(message, readers, key, values);
            }
        }

        Assert.True(exceptions.Total == 0, exceptions.First?.ToString());

        // The generator reaches what it is there to reach.
        Assert.True(outcomes[StunDecodeStatus.Ok] > 100_000, string.Join(", ", outcomes));
        Assert.Equal(
            Enum.GetValues<StunDecodeStatus>().Except([StunDecodeStatus.TooManyAttributes]),
            outcomes.Keys.Order());
        Assert.True(values[StunAttributeStatus.Present] > 100_000, string.Join(", ", values));
        Assert.True(values[StunAttributeStatus.Malformed] > 100_000, string.Join(", ", values));
    }

    private static void ReadAll(
        scoped in StunMessage message,
        AttributeReader[] readers,
        IntegrityKey key,
        Dictionary<StunAttributeStatus, int> values)
    {
        int last = 0;
        foreach (StunAttribute attribute in message)
        {
            if (attribute.Offset <= last)
            {
                Assert.Fail("The walk does not advance.");
            }

            last = attribute.Offset;
        }

        foreach (AttributeReader read in readers)
        {
            StunAttributeStatus status = read(message);
            values[status] = values.GetValueOrDefault(status) + 1;
        }

        Span<StunAttributeType> unknown = stackalloc StunAttributeType[4];
        message.CollectUnknownAttributes([], unknown);
        if (message.ReadNonce(out ReadOnlySpan<byte> nonce) == StunAttributeStatus.Present)
        {
            NonceCookie.TryRead(nonce, out _);
        }

        Fingerprint.Verify(message);
        if (VerifiedStunMessage.TryVerify(message, key, out _, MessageIntegritySha256.MinSize))
        {
            Assert.Fail("A random hash was right.");
        }
    }
}
