using Stack.TestKit;

namespace Stack.Stun.Tests;

/// <summary>Servers that are old, broken or hostile.</summary>
internal static class ScriptedServers
{
    public delegate void AddAttributes(ref StunMessageWriter writer, VirtualDatagram request);

    /// <summary>A server of RFC 3489 only: it takes the cookie for part of the id, and knows no XOR-MAPPED-ADDRESS.</summary>
    public static ScriptedVirtualServer Classic(AlternateAddresses alternate) => new(
        datagram =>
        {
            StunMessage.Decode(datagram.Payload.Span, out StunMessage request);
            request.ReadChangeRequest(out ChangeRequestFlags flags);
            TransportAddress origin = alternate.Select(datagram.Destination, flags);
            TransportAddress other = alternate.Select(datagram.Destination, ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort);
            return [Answer(datagram, origin, StunClass.SuccessResponse, (ref StunMessageWriter writer, VirtualDatagram from) =>
            {
                writer.AddMappedAddress(from.Source);
                writer.AddSourceAddress(origin);
                writer.AddChangedAddress(other);
            })];
        },
        alternate.ToArray());

    /// <summary>A server that answers every request with the attributes of the test.</summary>
    public static ScriptedVirtualServer Answering(TransportAddress endpoint, AddAttributes add, TransportAddress? origin = null) => new(
        datagram => [Answer(datagram, origin ?? datagram.Destination, StunClass.SuccessResponse, add)],
        endpoint);

    /// <summary>A server that announces another address, and does nothing else of RFC 5780.</summary>
    public static ScriptedVirtualServer Announcing(TransportAddress endpoint, TransportAddress other) => Answering(
        endpoint,
        (ref StunMessageWriter writer, VirtualDatagram request) =>
        {
            writer.AddXorMappedAddress(request.Source);
            writer.AddOtherAddress(other);
        });

    public static VirtualDatagram Answer(VirtualDatagram datagram, TransportAddress origin, StunClass messageClass, AddAttributes add)
    {
        StunMessage.Decode(datagram.Payload.Span, out StunMessage request);
        byte[] buffer = new byte[512];
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, messageClass);
        add(ref writer, datagram);
        return new VirtualDatagram(origin, datagram.Source, writer.Written.ToArray());
    }

    public static bool HasChangeRequest(VirtualDatagram datagram)
        => StunMessage.Decode(datagram.Payload.Span, out StunMessage request) == StunDecodeStatus.Ok
            && request.ReadChangeRequest(out _) == StunAttributeStatus.Present;
}
