using System;
using System.Net;
using System.Text;
using Stack.Stun;

namespace Stack.Cli.Tests;

/// <summary>Answers that a server could give.</summary>
internal static class Answers
{
    public delegate void Attributes(ref StunMessageWriter writer);

    public static byte[] Success(byte[] request, IPEndPoint source, Attributes? more = null)
    {
        var writer = new StunMessageWriter(new byte[2048], StunMessageType.BindingSuccessResponse, TransactionId.Read(request.AsSpan(8, 12)));
        writer.AddXorMappedAddress(TransportAddress.FromIPEndPoint(source));
        more?.Invoke(ref writer);
        return writer.Written.ToArray();
    }

    public static byte[] Error(byte[] request, StunErrorCode code, string reason, Attributes? more = null)
    {
        var writer = new StunMessageWriter(new byte[2048], StunMessageType.BindingErrorResponse, TransactionId.Read(request.AsSpan(8, 12)));
        writer.AddErrorCode(code, Encoding.UTF8.GetBytes(reason));
        more?.Invoke(ref writer);
        return writer.Written.ToArray();
    }
}
