using System;
using System.Collections.Generic;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>The codec is on every packet's path: it allocates nothing.</summary>
public sealed class AllocationTests
{
    // One of every attribute that is written, then all trailers.
    private static readonly byte[] Everything = WriteEverything();

    public static TheoryData<string> Readers => new(AttributeReaders.All.Keys);

    public static TheoryData<int> Samples => new(Enumerable.Range(0, AttributeSamples.All.Count));

    [Fact]
    public void Decode_Message_AllocatesNothing()
        => AssertNothing(() => StunMessage.Decode(Everything, out _) == StunDecodeStatus.Ok);

    [Fact]
    public void Decode_RefusedMessages_AllocateNothing()
    {
        byte[] truncated = Everything[..^4];
        byte[] behind = [.. Everything, 0];
        byte[] attribute = Wire.Message(Wire.Hex("80220008"));
        AssertNothing(() => StunMessage.Decode(truncated, out _) == StunDecodeStatus.Truncated
            && StunMessage.Decode(behind, out _) == StunDecodeStatus.TrailingBytes
            && StunMessage.Decode(attribute, out _) == StunDecodeStatus.AttributeTruncated
            && StunMessage.Decode([], out _) == StunDecodeStatus.TooShort);
    }

    [Fact]
    public void Walk_Message_AllocatesNothing() => AssertNothing(() =>
    {
        StunMessage.Decode(Everything, out StunMessage message);
        int size = StunMessage.HeaderSize;
        foreach (StunAttribute attribute in message)
        {
            size += 4 + ((attribute.Value.Length + 3) & ~3);
        }

        return size == message.Bytes.Length && message.Class == StunClass.Request && message.TransactionId == Wire.Id;
    });

    [Theory]
    [MemberData(nameof(Readers))]
    public void Read_Attribute_AllocatesNothing(string name)
    {
        AttributeReader read = AttributeReaders.All[name];
        StunAttributeStatus expected = AttributeSamples.All.Any(sample => sample.Name == name) ? StunAttributeStatus.Present : StunAttributeStatus.Absent;
        AssertNothing(() =>
        {
            StunMessage.Decode(Everything, out StunMessage message);
            return read(message) == expected;
        });
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Add_Attribute_AllocatesNothing(int index)
    {
        AttributeWriter write = AttributeSamples.All[index].Write;
        byte[] buffer = new byte[128];
        AssertNothing(() =>
        {
            var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Wire.Id);
            write(ref writer);
            return writer.Length >= StunMessage.HeaderSize + 4;
        });
    }

    [Fact]
    public void CollectUnknownAttributes_Message_AllocatesNothing()
    {
        StunAttributeType[] understood = [StunAttributeType.Username];
        AssertNothing(() =>
        {
            StunMessage.Decode(Everything, out StunMessage message);
            Span<StunAttributeType> unknown = stackalloc StunAttributeType[32];
            return message.CollectUnknownAttributes(understood, unknown) > 10;
        });
    }

    [Fact]
    public void Trailers_WarmKey_AllocateNothing()
    {
        using var key = new IntegrityKey(Wire.Key);
        byte[] buffer = new byte[1200];
        foreach (int padding in new[] { 0, 900 })
        {
            AssertNothing(() =>
            {
                var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Wire.Id);
                writer.AddPadding(padding);
                writer.AddMessageIntegrity(key);
                writer.AddMessageIntegritySha256(key);
                writer.AddFingerprint();
                StunMessage.Decode(writer.Written, out StunMessage message);
                return Fingerprint.Verify(message)
                    && MessageIntegrity.Verify(message, key)
                    && MessageIntegritySha256.Verify(message, key)
                    && VerifiedStunMessage.TryVerify(message, key, out _);
            });
        }
    }

    [Fact]
    public void NonceCookieAndDemultiplexer_AllocateNothing()
    {
        byte[] nonce = new byte[30];
        AssertNothing(() =>
        {
            NonceCookie.Write(nonce, StunSecurityFeatures.PasswordAlgorithms);
            return NonceCookie.TryRead(nonce, out StunSecurityFeatures features)
                && features == StunSecurityFeatures.PasswordAlgorithms
                && StunDemultiplexer.Classify(Everything) == StunPacketKind.Stun;
        });
    }

    [Fact]
    public void Respond_Request_AllocatesNothing()
    {
        byte[] buffer = new byte[64];
        AssertNothing(() =>
        {
            StunMessage.Decode(Everything, out StunMessage message);
            return StunMessageWriter.Respond(buffer, message, StunClass.SuccessResponse).Length == StunMessage.HeaderSize;
        });
    }

    private static void AssertNothing(Func<bool> action)
    {
        bool all = true;
        Assert.Equal(0, Allocations.Measure(() => all &= action()));
        Assert.True(all);
    }

    private static byte[] WriteEverything()
    {
        using var key = new IntegrityKey(Wire.Key);
        var writer = new StunMessageWriter(new byte[2048], StunMessageType.BindingRequest, Wire.Id);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, AttributeWriter write, _) in AttributeSamples.All)
        {
            if (seen.Add(name))
            {
                write(ref writer);
            }
        }

        writer.AddMessageIntegrity(key);
        writer.AddMessageIntegritySha256(key);
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }
}
