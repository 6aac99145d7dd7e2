using System;

namespace Stack.Stun;

/// <summary>
/// The Binding method of classic STUN (RFC 3489 section 8.1). RESPONSE-ADDRESS, which makes a server a reflector, is refused; there are no
/// shared secrets.
/// </summary>
internal static class ClassicBinding
{
    private static readonly StunAttributeType[] Understood =
    [
        StunAttributeType.MappedAddress,
        StunAttributeType.ChangeRequest,
        StunAttributeType.SourceAddress,
        StunAttributeType.ChangedAddress,
        StunAttributeType.Username,
        StunAttributeType.Password,
        StunAttributeType.MessageIntegrity,
        StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes,
        StunAttributeType.ReflectedFrom,
    ];

    public static BindingDisposition Respond(
        in StunMessage request,
        in BindingArrival arrival,
        AlternateAddresses? alternate,
        Span<byte> buffer,
        out BindingReply reply)
    {
        bool discovery = alternate?.Contains(arrival.Local) == true;
        StunAttributeStatus change = request.ReadChangeRequest(out ChangeRequestFlags flags);
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[32];
        int count = request.CollectUnknownAttributes(Understood, unknown[..31]);
        if (flags != ChangeRequestFlags.None && !discovery)
        {
            unknown[count++] = StunAttributeType.ChangeRequest;
        }

        if (count != 0)
        {
            // RFC 3489 section 11.2.10: an odd list repeats its last type, for the length is a multiple of four.
            if (count % 2 != 0)
            {
                unknown[count] = unknown[count - 1];
                count++;
            }

            return Refuse(request, arrival, StunErrorCode.UnknownAttribute, unknown[..count], buffer, out reply);
        }

        if (change == StunAttributeStatus.Malformed)
        {
            return Refuse(request, arrival, StunErrorCode.BadRequest, [], buffer, out reply);
        }

        TransportAddress origin = discovery ? alternate!.Select(arrival.Local, flags) : arrival.Local;
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.SuccessResponse);
        writer.AddMappedAddress(arrival.Source);
        writer.AddSourceAddress(origin);
        if (discovery)
        {
            writer.AddChangedAddress(alternate!.Select(arrival.Local, ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort));
        }

        reply = new BindingReply(origin, arrival.Source, writer.Length);
        return BindingDisposition.Answered;
    }

    private static BindingDisposition Refuse(
        in StunMessage request,
        in BindingArrival arrival,
        StunErrorCode code,
        ReadOnlySpan<StunAttributeType> unknown,
        Span<byte> buffer,
        out BindingReply reply)
    {
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
        writer.AddErrorCode(code);
        if (!unknown.IsEmpty)
        {
            writer.AddUnknownAttributes(unknown);
        }

        reply = new BindingReply(arrival.Local, arrival.Source, writer.Length);
        return BindingDisposition.Refused;
    }
}
