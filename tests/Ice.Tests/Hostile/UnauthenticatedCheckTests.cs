using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Ice.Tests;

/// <summary>Checks that prove nothing: security.md section 5.5, I01, I03, I40, and section 3.2.</summary>
public sealed class UnauthenticatedCheckTests
{
    private static Bench Create() => new Bench().Begin();

    private static void ChangedNothing(Bench bench)
    {
        Assert.Empty(bench.Agent.Pairs);
        Assert.Empty(bench.Requests);
        Assert.Equal(IceDisposition.Unvalidated, bench.Receive([0xFF, 1, 2, 3]));
    }

    // I01, RFC 8489 section 9.1.3.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Request_WithoutIntegrityOrUsername_Responds400AndLearnsNothing(bool username, bool integrity)
    {
        using Bench bench = Create();
        IceDisposition disposition = bench.Receive(bench.Check(CheckForm.Usual with { HasUsername = username, HasIntegrity = integrity }));
        Assert.Equal(IceDisposition.Unauthenticated, disposition);
        SentPacket answer = Assert.Single(bench.Sent);
        Assert.Equal(400, answer.Error());
        Assert.Equal(Bench.There, answer.To);
        ChangedNothing(bench);
    }

    // I01.
    [Fact]
    public void Request_WithAnotherPassword_Responds401AndLearnsNothing()
    {
        using Bench bench = Create();
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(bench.Check(CheckForm.Usual with { Password = new string('z', 22) })));
        Assert.Equal(401, Assert.Single(bench.Sent).Error());
        ChangedNothing(bench);
    }

    // I03. {0} is the agent's fragment, {1} the peer's.
    [Theory]
    [InlineData("{1}:{0}")]
    [InlineData("{0}")]
    [InlineData("{0}{1}")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":{1}")]
    [InlineData("{0}:{1}:")]
    [InlineData("{0}:{1}:{1}")]
    [InlineData("{0}::{1}")]
    [InlineData("{0} :{1}")]
    [InlineData("x{0}:{1}")]
    [InlineData("{0}x:{1}")]
    [InlineData("{0}\0:{1}")]
    public void Request_WithAnotherShapeOfUsername_Responds401AndLearnsNothing(string shape)
    {
        using Bench bench = Create();
        string username = string.Format(null, shape, bench.Agent.LocalParameters.Credentials.UsernameFragment, bench.Theirs.UsernameFragment);
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(bench.Check(CheckForm.Usual with { Username = username })));
        Assert.Equal(401, Assert.Single(bench.Sent).Error());
        ChangedNothing(bench);
    }

    // RFC 8445 section 7.3: the first half decides; the second one of another session is answered, and no pair comes of it.
    [Fact]
    public void Request_WithAnotherRemoteFragment_IsAnsweredAndMakesNoPair()
    {
        using Bench bench = Create();
        string username = bench.Agent.LocalParameters.Credentials.UsernameFragment + ":else";
        bench.Receive(bench.Check(CheckForm.Usual with { Username = username }));
        Assert.Equal(StunClass.SuccessResponse, Assert.Single(bench.Sent).Class);
        Assert.Empty(bench.Agent.Pairs);
    }

    [Fact]
    public void Request_AnyByteOfIntegrityFlipped_IsRefused()
    {
        using Bench bench = Create();
        byte[] check = bench.Check(CheckForm.Usual with { HasFingerprint = false });
        for (int i = check.Length - 20; i < check.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] mutated = WithFingerprint(check, i, (byte)(1 << bit));
                Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(mutated));
                bench.Now += TimeSpan.FromSeconds(1);
            }
        }

        Assert.All(bench.Sent, static packet => Assert.Equal(401, packet.Error()));
        ChangedNothing(bench);
    }

    // No byte of an authenticated check can be changed: length, type, transaction and every attribute.
    [Fact]
    public void Request_AnyByteFlipped_LearnsNothing()
    {
        using Bench bench = Create();
        byte[] check = bench.Check(CheckForm.Usual with { HasFingerprint = false });
        for (int i = 0; i < check.Length; i++)
        {
            bench.Receive(WithFingerprint(check, i, 0x10));
            bench.Now += TimeSpan.FromSeconds(1);
        }

        Assert.All(bench.Sent, static packet => Assert.NotEqual(0, packet.Error()));
        ChangedNothing(bench);
    }

    // security.md section 3.2: an error costs the attacker more than it gives.
    [Fact]
    public void Errors_OneSource_AtMostOneASecond()
    {
        using Bench bench = Create();
        byte[] check = bench.Check(CheckForm.Usual with { Password = new string('z', 22) });
        for (int i = 0; i < 1000; i++)
        {
            bench.Receive(check, Wire.Address($"192.0.2.2:{1024 + i}"));
            bench.Now += TimeSpan.FromMilliseconds(10);
        }

        Assert.InRange(bench.Sent.Count, 9, 11);
    }

    // Each source has its own second; a crowd of them, which costs who forges addresses nothing, gets no more than 64 errors.
    [Fact]
    public void Errors_ManySources_SixtyFourASecond()
    {
        using Bench bench = Create();
        byte[] check = bench.Check(CheckForm.Usual with { Password = new string('z', 22) });
        for (int second = 1; second <= 3; second++)
        {
            for (int i = 0; i < 2000; i++)
            {
                bench.Receive(check, Wire.Address($"198.18.{i / 250}.{i % 250}:6000"));
            }

            Assert.Equal(64 * second, bench.Sent.Count);
            bench.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal(64, bench.Sent.Select(static packet => packet.To).Distinct().Count());
    }

    [Fact]
    public void Errors_EveryShapeOfRequest_AreNotLongerThanIt()
    {
        CheckForm[] forms =
        [
            new() { HasUsername = false, HasIntegrity = false, HasRole = false, Priority = null },
            new() { HasUsername = false, HasIntegrity = false, HasRole = false },
            new() { HasUsername = true, Username = "a:b", HasIntegrity = false, HasRole = false, Priority = null },
            new() { HasUsername = false, HasRole = false, Priority = null },
            new() { Username = "", HasRole = false, Priority = null },
            new() { Password = new string('z', 22) },
        ];
        foreach (CheckForm form in forms)
        {
            using Bench bench = Create();
            byte[] check = bench.Check(form);
            Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(check));
            Assert.All(bench.Sent, packet => Assert.InRange(packet.Bytes.Length, 28, check.Length));
        }
    }

    // RFC 8489 section 9.1.3 has a 400 for both; the shorter one would be amplified.
    [Theory]
    [InlineData(false, 28)]
    [InlineData(true, 36)]
    public void Errors_RequestShorterThanTheAnswer_AreNotSent(bool username, int size)
    {
        using Bench bench = Create();
        byte[] check = bench.Check(new() { HasUsername = username, Username = "a:b", HasIntegrity = false, HasRole = false, Priority = null });
        Assert.Equal(size, check.Length);
        Assert.Equal(IceDisposition.Unauthenticated, bench.Receive(check));
        Assert.Equal(username ? [(400, size)] : [], bench.Sent.Select(static packet => (packet.Error(), packet.Bytes.Length)));
        ChangedNothing(bench);
    }

    // I40 and the attributes beside it, authenticated: RFC 8445 section 7.1.
    [Theory]
    [InlineData(null)]
    [InlineData(0u)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    public void Request_WithImpossiblePriority_Responds400AndLearnsNothing(uint? priority)
    {
        using Bench bench = Create();
        bench.Receive(bench.Check(CheckForm.Usual with { Priority = priority }));
        Assert.Equal(400, Assert.Single(bench.Sent).Error());
        ChangedNothing(bench);
    }

    [Fact]
    public void Request_WithoutRole_Responds400()
    {
        using Bench bench = Create();
        bench.Receive(bench.Check(CheckForm.Usual with { HasRole = false }));
        Assert.Equal(400, Assert.Single(bench.Sent).Error());
        ChangedNothing(bench);
    }

    [Fact]
    public void Request_WithBothRoles_Responds400()
    {
        using Bench bench = Create();
        bench.Receive(bench.Check(CheckForm.Usual with { Role = IceRole.Controlled, Extra = [(StunAttributeType.IceControlling, new byte[8])] }));
        Assert.Equal(400, Assert.Single(bench.Sent).Error());
        ChangedNothing(bench);
    }

    // RFC 8489 section 6.3.1: all that was not understood is named.
    [Fact]
    public void Request_WithUnknownRequiredAttributes_Responds420NamingAll()
    {
        using Bench bench = Create();
        var first = (StunAttributeType)0x7F01;
        var second = (StunAttributeType)0x7F02;
        bench.Receive(bench.Check(CheckForm.Usual with { Extra = [(first, [1]), (second, [2, 3])] }));
        SentPacket answer = Assert.Single(bench.Sent);
        Assert.Equal(420, answer.Error());
        StunMessage.Decode(answer.Bytes, out StunMessage message);
        Assert.Equal(StunAttributeStatus.Present, message.ReadUnknownAttributes(out UnknownAttributeList unknown));
        List<StunAttributeType> named = [];
        for (int i = 0; i < unknown.Count; i++)
        {
            named.Add(unknown[i]);
        }

        Assert.Equal([first, second], named);
        ChangedNothing(bench);
    }

    // I39: what is optional is left alone.
    [Fact]
    public void Request_WithUnknownOptionalAttributes_IsAnswered()
    {
        using Bench bench = Create();
        bench.Receive(bench.Check(CheckForm.Usual with { Extra = [((StunAttributeType)0xC059, new byte[4]), ((StunAttributeType)0xC057, new byte[4])] }));
        Assert.Equal(StunClass.SuccessResponse, bench.Sent[0].Class);
        Assert.Single(bench.Agent.Pairs);
    }

    // No reply to what asks for none: nothing can loop.
    [Fact]
    public void NonRequests_AndGarbage_AreNeverAnswered()
    {
        using Bench bench = Create();
        byte[] request = bench.Check();
        foreach (StunClass kind in (StunClass[])[StunClass.Indication, StunClass.SuccessResponse, StunClass.ErrorResponse])
        {
            bench.Receive(bench.Check(kind: kind));
            bench.Receive(bench.Check(CheckForm.Usual with { HasIntegrity = false, HasUsername = false }, kind));
        }

        for (int length = 0; length < request.Length; length++)
        {
            bench.Receive(request.AsSpan(0, length));
        }

        bench.Receive(bench.Check(CheckForm.Usual with { HasFingerprint = false }));
        bench.Receive([.. request, 0, 0, 0, 0]);
        Assert.Empty(bench.Sent);
        ChangedNothing(bench);
    }

    private static byte[] WithFingerprint(byte[] message, int index, byte flip)
    {
        byte[] buffer = new byte[message.Length + 8];
        byte[] mutated = [.. message];
        mutated[index] ^= flip;
        mutated.CopyTo(buffer, 0);

        // The length that stands in the mutated header counts, plus FINGERPRINT's eight bytes: the checksum is right whatever else is wrong.
        int length = (((mutated[2] << 8) | mutated[3]) + 8) & 0xFFFF;
        buffer[2] = (byte)(length >> 8);
        buffer[3] = (byte)(length & 0xFF);
        buffer[^8] = 0x80;
        buffer[^7] = 0x28;
        buffer[^5] = 4;
        uint crc = ~0u;
        foreach (byte b in buffer.AsSpan(0, message.Length))
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        crc = ~crc ^ 0x5354554E;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(message.Length + 4), crc);
        return buffer;
    }
}
