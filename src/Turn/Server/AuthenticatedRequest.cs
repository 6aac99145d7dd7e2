using System;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>A request whose sender is known, and how it is answered.</summary>
internal readonly ref struct AuthenticatedRequest
{
    private readonly VerifiedStunMessage _verified;
    private readonly IntegrityKey _key;
    private readonly Span<byte> _buffer;

    public AuthenticatedRequest(
        VerifiedStunMessage verified,
        IntegrityKey key,
        in FiveTuple path,
        ReadOnlySpan<byte> username,
        Span<byte> buffer,
        Instant now)
    {
        _verified = verified;
        _key = key;
        Path = path;
        Username = username;
        _buffer = buffer;
        Now = now;
    }

    public StunMessage Message => _verified.Message;

    public FiveTuple Path { get; }

    public ReadOnlySpan<byte> Username { get; }

    public Instant Now { get; }

    public bool IsStream => Path.Transport != StunTransport.Udp;

    /// <summary>Starts a success response.</summary>
    public StunMessageWriter Succeed() => StunMessageWriter.Respond(_buffer, Message, StunClass.SuccessResponse);

    /// <summary>Starts an error response with its code.</summary>
    public StunMessageWriter Fail(StunErrorCode code)
    {
        StunMessageWriter writer = StunMessageWriter.Respond(_buffer, Message, StunClass.ErrorResponse);
        writer.AddErrorCode(code);
        return writer;
    }

    /// <summary>Answers with an error response that has nothing but its code.</summary>
    public TurnServerStep Refuse(StunErrorCode code)
    {
        StunMessageWriter writer = Fail(code);
        return Finish(ref writer, TurnServerDisposition.Refused);
    }

    /// <summary>Answers that attributes are not understood (RFC 8489 section 6.3.1).</summary>
    public TurnServerStep RefuseUnknown(scoped ReadOnlySpan<StunAttributeType> unknown)
    {
        StunMessageWriter writer = Fail(StunErrorCode.UnknownAttribute);
        writer.AddUnknownAttributes(unknown);
        return Finish(ref writer, TurnServerDisposition.Refused);
    }

    /// <summary>Protects a response and hands it out.</summary>
    public TurnServerStep Finish(ref StunMessageWriter writer, TurnServerDisposition disposition = TurnServerDisposition.Answered)
    {
        LongTermServer.Protect(ref writer, _verified, _key);
        if (Message.HasFingerprint)
        {
            writer.AddFingerprint();
        }

        return new TurnServerStep(TurnServerAction.Reply, disposition, new BindingReply(Path.Server, Path.Client.Value, writer.Length));
    }

    /// <summary>Protects a response that is sent later.</summary>
    public byte[] FinishForLater(ref StunMessageWriter writer)
    {
        Finish(ref writer);
        return writer.Written.ToArray();
    }
}
