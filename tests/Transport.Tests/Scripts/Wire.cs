using System;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Stack.Stun;

namespace Stack.Transport.Tests;

/// <summary>Messages as a peer would send them.</summary>
internal static class Wire
{
    public static byte[] Request(StunMethod method = StunMethod.Binding, StunAttributeWriter? attributes = null, StunClass @class = StunClass.Request, int size = 2048)
    {
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        var writer = new StunMessageWriter(new byte[Math.Max(size, 2048)], new StunMessageType(method, @class), TransactionId.Create(random));
        attributes?.Invoke(ref writer);
        return writer.Written.ToArray();
    }

    public static byte[] Success(ReadOnlySpan<byte> request, IPEndPoint mapped)
        => Respond(request, StunClass.SuccessResponse, (ref StunMessageWriter writer) => writer.AddXorMappedAddress(TransportAddress.FromIPEndPoint(mapped)));

    public static byte[] Error(ReadOnlySpan<byte> request, StunErrorCode code)
        => Respond(request, StunClass.ErrorResponse, (ref StunMessageWriter writer) => writer.AddErrorCode(code));

    public static byte[] Respond(ReadOnlySpan<byte> request, StunClass @class, StunAttributeWriter? attributes)
    {
        StunMessage.Decode(request, out StunMessage message);
        StunMessageWriter writer = StunMessageWriter.Respond(new byte[2048], message, @class);
        attributes?.Invoke(ref writer);
        return writer.Written.ToArray();
    }

    public static bool IsAnswerTo(ReadOnlySpan<byte> response, ReadOnlySpan<byte> request)
        => response.Length >= 20 && response[4..20].SequenceEqual(request[4..20]) && (response[0] & 1) == 1;

    public static IPEndPoint Mapped(ReadOnlySpan<byte> response)
    {
        StunMessage.Decode(response, out StunMessage message);
        message.ReadXorMappedAddress(out TransportAddress mapped);
        return mapped.ToIPEndPoint();
    }

    public static TransactionId Id(ReadOnlySpan<byte> message) => TransactionId.Read(message[8..]);

    public static byte[] WithLength(byte[] message, ushort length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), length);
        return message;
    }
}
