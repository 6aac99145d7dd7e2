using System;
using System.Text;

namespace Stack.Stun;

/// <summary>
/// The server of the Binding method: basic (RFC 8489 section 12), for NAT behaviour discovery (RFC 5780 section 6) and, if asked for, classic
/// (RFC 3489 section 8). Holds no state of clients but the fixed table of the rate limiter.
/// </summary>
/// <remarks>
/// One input, <see cref="HandleDatagram"/>, which returns its output at once; there are no timers. Silent on everything that is not a
/// well-formed request for Binding. At most one reply a request, and none larger than the request but for the attributes that the RFCs
/// demand: 32 bytes for 20 over IPv4, 44 over IPv6. Not safe for concurrent use: each loop has its own.
/// </remarks>
public sealed class BindingServer
{
    /// <summary>A buffer of this size holds every reply to a request of the same size or less.</summary>
    public const int MinReplyBuffer = 1024;

    private const int MaxUnknownAttributes = 32;

    private static readonly StunAttributeType[] Understood =
    [
        StunAttributeType.MappedAddress,
        StunAttributeType.Username,
        StunAttributeType.MessageIntegrity,
        StunAttributeType.ErrorCode,
        StunAttributeType.UnknownAttributes,
        StunAttributeType.Realm,
        StunAttributeType.Nonce,
        StunAttributeType.MessageIntegritySha256,
        StunAttributeType.PasswordAlgorithm,
        StunAttributeType.Userhash,
        StunAttributeType.XorMappedAddress,
    ];

    private static readonly StunAttributeType[] UnderstoodWithAlternate =
    [
        .. Understood,
        StunAttributeType.ChangeRequest,
        StunAttributeType.Padding,
        StunAttributeType.ResponsePort,
    ];

    private readonly BindingServerOptions _options;
    private readonly byte[] _software;
    private readonly ReplyRateLimiter? _limiter;

    /// <summary>Sets a server up.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">SOFTWARE is too long.</exception>
    public BindingServer(BindingServerOptions? options = null)
    {
        _options = options ?? new BindingServerOptions();
        _software = Encoding.UTF8.GetBytes(_options.Software ?? "");
        if (SoftwareAttribute.IsTooLong(_software))
        {
            throw new ArgumentException("SOFTWARE is longer than RFC 8489 section 14.14 allows.", nameof(options));
        }

        _limiter = _options.RateLimit is { } limit ? new ReplyRateLimiter(limit) : null;
    }

    /// <summary>Takes a datagram, or a message that a framer has cut out of a stream.</summary>
    /// <param name="datagram">Exactly the bytes received.</param>
    /// <param name="arrival">How they came.</param>
    /// <param name="buffer">Where the reply goes: as large as the datagram and at least <see cref="MinReplyBuffer"/>.</param>
    /// <param name="reply">The reply; only where the disposition is answered or refused.</param>
    public BindingDisposition HandleDatagram(ReadOnlySpan<byte> datagram, in BindingArrival arrival, Span<byte> buffer, out BindingReply reply)
    {
        reply = default;
        StunDialect dialect = _options.Classic && !arrival.Reliable ? StunDialect.AcceptClassic : StunDialect.Rfc8489;
        if (StunMessage.Decode(datagram, dialect, out StunMessage request) != StunDecodeStatus.Ok)
        {
            return BindingDisposition.Malformed;
        }

        // Two servers that answer each other's answers would never stop.
        if (request.Class != StunClass.Request)
        {
            return BindingDisposition.NotARequest;
        }

        if (request.Method != StunMethod.Binding)
        {
            return BindingDisposition.UnknownMethod;
        }

        if (request.HasFingerprint && !Fingerprint.Verify(request))
        {
            return BindingDisposition.WrongFingerprint;
        }

        // A source of a stream has proven its address by the handshake.
        if (!arrival.Reliable && _limiter?.TryTake(arrival.Source, arrival.Now) == false)
        {
            return BindingDisposition.RateLimited;
        }

        return request.IsClassic
            ? ClassicBinding.Respond(request, arrival, _options.Alternate, buffer, out reply)
            : Respond(request, arrival, buffer, out reply);
    }

    private static BindingDisposition RefuseUnknown(
        in StunMessage request,
        in BindingArrival arrival,
        ReadOnlySpan<StunAttributeType> unknown,
        Span<byte> buffer,
        out BindingReply reply)
    {
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
        writer.AddErrorCode(StunErrorCode.UnknownAttribute);
        writer.AddUnknownAttributes(unknown);
        return Finish(ref writer, request, arrival.Local, arrival.Source, out reply, BindingDisposition.Refused);
    }

    private static BindingDisposition RefuseMalformed(
        in StunMessage request, in BindingArrival arrival, Span<byte> buffer, out BindingReply reply)
    {
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.ErrorResponse);
        writer.AddErrorCode(StunErrorCode.BadRequest);
        return Finish(ref writer, request, arrival.Local, arrival.Source, out reply, BindingDisposition.Refused);
    }

    private static BindingDisposition Finish(
        ref StunMessageWriter writer,
        in StunMessage request,
        TransportAddress origin,
        TransportAddress destination,
        out BindingReply reply,
        BindingDisposition disposition)
    {
        // A client that sends FINGERPRINT shares its port with other protocols and needs it in the answer (RFC 8489 section 7).
        if (request.HasFingerprint)
        {
            writer.AddFingerprint();
        }

        reply = new BindingReply(origin, destination, writer.Length);
        return disposition;
    }

    private BindingDisposition Respond(in StunMessage request, in BindingArrival arrival, Span<byte> buffer, out BindingReply reply)
    {
        AlternateAddresses? alternate = arrival.Reliable || _options.Alternate?.Contains(arrival.Local) != true ? null : _options.Alternate;
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[MaxUnknownAttributes];
        int count = request.CollectUnknownAttributes(alternate is null ? Understood : UnderstoodWithAlternate, unknown);
        if (count != 0)
        {
            return RefuseUnknown(request, arrival, unknown[..count], buffer, out reply);
        }

        if (alternate is null)
        {
            StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.SuccessResponse);
            writer.AddXorMappedAddress(arrival.Source);
            AddSoftware(ref writer);
            return Finish(ref writer, request, arrival.Local, arrival.Source, out reply, BindingDisposition.Answered);
        }

        return RespondForDiscovery(request, arrival, alternate, buffer, out reply);
    }

    private BindingDisposition RespondForDiscovery(
        in StunMessage request,
        in BindingArrival arrival,
        AlternateAddresses alternate,
        Span<byte> buffer,
        out BindingReply reply)
    {
        StunAttributeStatus change = request.ReadChangeRequest(out ChangeRequestFlags flags);
        StunAttributeStatus hasPort = request.ReadResponsePort(out int port);
        StunAttributeStatus hasPadding = request.ReadPadding(out int padding);

        // RFC 5780 section 6.1: PADDING and RESPONSE-PORT exclude each other.
        bool both = hasPort == StunAttributeStatus.Present && hasPadding == StunAttributeStatus.Present;
        if (change == StunAttributeStatus.Malformed || hasPort == StunAttributeStatus.Malformed || both)
        {
            return RefuseMalformed(request, arrival, buffer, out reply);
        }

        TransportAddress origin = alternate.Select(arrival.Local, flags);
        StunMessageWriter writer = StunMessageWriter.Respond(buffer, request, StunClass.SuccessResponse);
        writer.AddXorMappedAddress(arrival.Source);
        writer.AddMappedAddress(arrival.Source);
        writer.AddResponseOrigin(origin);
        writer.AddOtherAddress(alternate.Select(arrival.Local, ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort));
        AddSoftware(ref writer);
        if (hasPadding == StunAttributeStatus.Present)
        {
            // As much as the request brought, not the MTU: a small request must not cause a large reply.
            int fits = Math.Min(padding, writer.Remaining - 4 - 8);
            writer.AddPadding(Math.Max(0, fits & ~3));
        }

        TransportAddress destination = hasPort == StunAttributeStatus.Present ? arrival.Source.WithPort(port) : arrival.Source;
        return Finish(ref writer, request, origin, destination, out reply, BindingDisposition.Answered);
    }

    private void AddSoftware(ref StunMessageWriter writer)
    {
        if (_software.Length != 0)
        {
            writer.AddSoftware(_software);
        }
    }
}
