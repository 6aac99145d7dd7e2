using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>Properties of random messages; the bytes themselves are pinned elsewhere.</summary>
public sealed class MessageRoundTripTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static Gen<(int Type, byte[] Value)> AnyAttribute => Gen.OneOf(Gen.Choose(0, 0xFFFF), Gen.Elements(0x0001, 0x0006, 0x0009, 0x0020, 0x8022, 0x8002))
        .Where(type => type is not (0x0008 or 0x001C or 0x8028))
        .SelectMany(type => Gen.Choose(0, 41).SelectMany(length => Gen.Choose(0, 255).ArrayOf(length))
            .Select(value => (type, value.Select(b => (byte)b).ToArray())));

    private static Gen<byte[]> Id => Gen.Choose(0, 255).ArrayOf(12).Select(id => id.Select(b => (byte)b).ToArray());

    [Fact]
    public void Message_RandomAttributes_DecodeToWhatWasWritten()
    {
        Gen<(int Type, byte[] Id, (int Type, byte[] Value)[] Attributes)> messages = Gen.Choose(0, 0x3FFF)
            .SelectMany(type => Id.SelectMany(id => AnyAttribute.ArrayOf().Select(attributes => (type, id, attributes))));
        Check.One(Many, Prop.ForAll(messages.ToArbitrary(), m =>
        {
            byte[] buffer = new byte[8192];
            buffer.AsSpan().Fill(0xA5);
            var writer = new StunMessageWriter(buffer, StunMessageType.FromValue((ushort)m.Type), TransactionId.Read(m.Id));
            foreach ((int type, byte[] value) in m.Attributes)
            {
                writer.Add((StunAttributeType)type, value);
            }

            writer.AddFingerprint();
            byte[] exact = writer.Written.ToArray();
            Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(exact, out StunMessage message));
            Assert.Equal(m.Type, message.Type.Value);
            Assert.Equal(m.Id, message.TransactionId.ToString() is var text ? Convert.FromHexString(text) : []);
            Assert.True(Fingerprint.Verify(message));
            Assert.Equal(m.Attributes.Select(a => (a.Type, Convert.ToHexString(a.Value))), Attributes(message).SkipLast(1));

            // Decoding and writing again is a fixed point.
            byte[] again = new byte[exact.Length];
            var second = new StunMessageWriter(again, message.Type, message.TransactionId);
            foreach (StunAttribute attribute in message)
            {
                if (attribute.Type != StunAttributeType.Fingerprint)
                {
                    second.Add(attribute.Type, attribute.Value);
                }
            }

            second.AddFingerprint();
            Assert.Equal(exact, again);
        }));
    }

    [Fact]
    public void Addresses_Random_SurviveEveryAddressAttribute()
    {
        Gen<(TransportAddress Address, byte[] Id)> cases = Gen.OneOf(
                ArbMap.Default.GeneratorFor<uint>().SelectMany(a => Port.Select(p => TransportAddress.FromIPv4(a, p))),
                ArbMap.Default.GeneratorFor<ulong>().Two().SelectMany(a => Port.Select(p => TransportAddress.FromIPv6(new UInt128(a.Item1, a.Item2), p))))
            .SelectMany(address => Id.Select(id => (address, id)));
        Check.One(Many, Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var writer = new StunMessageWriter(new byte[256], StunMessageType.BindingSuccessResponse, TransactionId.Read(c.Id));
            writer.AddXorMappedAddress(c.Address);
            writer.AddMappedAddress(c.Address);
            writer.AddOtherAddress(c.Address);
            StunMessage.Decode(writer.Written, out StunMessage message);
            Assert.Equal(StunAttributeStatus.Present, message.ReadXorMappedAddress(out TransportAddress xored));
            Assert.Equal(StunAttributeStatus.Present, message.ReadMappedAddress(out TransportAddress mapped));
            Assert.Equal(StunAttributeStatus.Present, message.ReadOtherAddress(out TransportAddress other));
            Assert.Equal(c.Address, xored);
            Assert.Equal(c.Address, mapped);
            Assert.Equal(c.Address, other);
        }));
    }

    [Fact]
    public void ErrorCode_EveryCode_IsItselfAgain()
    {
        for (int number = 300; number <= 699; number++)
        {
            var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingErrorResponse, Wire.Id);
            writer.AddErrorCode((StunErrorCode)number, "why"u8);
            StunMessage.Decode(writer.Written, out StunMessage message);
            Assert.Equal(StunAttributeStatus.Present, message.ReadErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason));
            Assert.Equal(number, (int)code);
            Assert.True(reason.SequenceEqual("why"u8));
        }
    }

    // What decodes at all walks to its end, in strictly rising steps, and every reader answers.
    [Fact]
    public void Decode_RandomBodies_WalkAndReadWithoutSurprise()
    {
        Gen<byte[]> bodies = Gen.Choose(0, 12).SelectMany(words => Gen.Elements(0, 0, 0, 1, 2, 4, 8, 0x14, 0x20, 0x22, 0x28, 0x80, 0xFF).ArrayOf(words * 4))
            .Select(body => body.Select(b => (byte)b).ToArray());
        Check.One(Many, Prop.ForAll(bodies.ToArbitrary(), body =>
        {
            if (StunMessage.Decode(Wire.Message(body), out StunMessage message) != StunDecodeStatus.Ok)
            {
                return;
            }

            int last = 0;
            foreach (StunAttribute attribute in message)
            {
                Assert.True(attribute.Offset > last);
                last = attribute.Offset;
            }

            foreach (AttributeReader read in AttributeReaders.All.Values)
            {
                read(message);
            }
        }));
    }

    private static Gen<ushort> Port => Gen.Choose(0, 65535).Select(port => (ushort)port);

    private static List<(int Type, string Value)> Attributes(scoped in StunMessage message)
    {
        var list = new List<(int, string)>();
        foreach (StunAttribute attribute in message)
        {
            list.Add(((int)attribute.Type, Convert.ToHexString(attribute.Value)));
        }

        return list;
    }
}
