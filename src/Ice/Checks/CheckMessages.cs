using System;
using System.Text;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Writes the messages of connectivity checks (RFC 8445 sections 7.1 and 7.3), all with FINGERPRINT.</summary>
internal static class CheckMessages
{
    private static readonly StunMessageType Request = new(StunMethod.Binding, StunClass.Request);
    private static readonly StunMessageType Indication = new(StunMethod.Binding, StunClass.Indication);

    public static int WriteRequest(Span<byte> buffer, TransactionId id, in CheckTransaction transaction, ReadOnlySpan<byte> username, IntegrityKey key)
    {
        var writer = new StunMessageWriter(buffer, Request, id);
        writer.AddUsername(username);
        writer.AddPriority(transaction.Pair.CheckPriority);
        writer.AddIceRole(transaction.Role, transaction.TieBreaker);
        if (transaction.Nominates)
        {
            writer.AddUseCandidate();
        }

        writer.AddMessageIntegrity(key);
        writer.AddFingerprint();
        return writer.Length;
    }

    public static int WriteResponse(Span<byte> buffer, in PendingResponse response)
    {
        bool success = response.Error == default;
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Binding, success ? StunClass.SuccessResponse : StunClass.ErrorResponse), response.Id);
        if (success)
        {
            writer.AddXorMappedAddress(response.Destination);
        }
        else
        {
            writer.AddErrorCode(response.Error);
            if (response.UnknownAttributes is { } unknown)
            {
                writer.AddUnknownAttributes(unknown);
            }
        }

        if (response.Key is { } key)
        {
            if (response.Algorithm == IntegrityAlgorithm.Sha256)
            {
                writer.AddMessageIntegritySha256(key);
            }
            else
            {
                writer.AddMessageIntegrity(key);
            }
        }

        writer.AddFingerprint();
        return writer.Length;
    }

    /// <summary>A keepalive: nothing but FINGERPRINT (RFC 8445 section 11).</summary>
    public static int WriteKeepalive(Span<byte> buffer, TransactionId id)
    {
        var writer = new StunMessageWriter(buffer, Indication, id);
        writer.AddFingerprint();
        return writer.Length;
    }

    /// <summary>The USERNAME of our requests: the peer's fragment, a colon, ours (RFC 8445 section 7.2.2).</summary>
    public static byte[] GetUsername(IceCredentials remote, IceCredentials local)
        => Encoding.ASCII.GetBytes($"{remote.UsernameFragment}:{local.UsernameFragment}");
}
