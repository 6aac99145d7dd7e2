using System;
using System.Linq;
using System.Text;
using Stack.Stun;

namespace Stack.Ice.Tests;

/// <summary>A message that an agent has sent, read.</summary>
internal sealed record SentMessage(Instant When, int BaseId, TransportAddress To, byte[] Bytes)
{
    public StunClass Class => Decode().Class;

    public TransactionId Id => Decode().TransactionId;

    public bool HasFingerprint => Decode() is { HasFingerprint: true } message && Fingerprint.Verify(message);

    public bool HasIntegrity => Decode().HasMessageIntegrity || Decode().HasMessageIntegritySha256;

    public bool Nominates => Decode().ReadUseCandidate() == StunAttributeStatus.Present;

    public uint Priority => Decode().ReadPriority(out uint priority) == StunAttributeStatus.Present ? priority : 0;

    public string Username => Decode().ReadUsername(out ReadOnlySpan<byte> name) == StunAttributeStatus.Present ? Encoding.ASCII.GetString(name) : "";

    public (IceRole Role, ulong TieBreaker)? Role
        => Decode().ReadIceRole(out IceRole role, out ulong tieBreaker) == StunAttributeStatus.Present ? (role, tieBreaker) : null;

    public TransportAddress Mapped => Decode().ReadXorMappedAddress(out TransportAddress mapped) == StunAttributeStatus.Present ? mapped : default;

    public StunErrorCode Error => Decode().ReadErrorCode(out StunErrorCode code, out _) == StunAttributeStatus.Present ? code : default;

    public StunAttributeType[] Types
    {
        get
        {
            var types = new System.Collections.Generic.List<StunAttributeType>();
            foreach (StunAttribute attribute in Decode())
            {
                types.Add(attribute.Type);
            }

            return [.. types.Order()];
        }
    }

    public bool IsProtectedBy(string password)
    {
        using var key = new IntegrityKey(Encoding.ASCII.GetBytes(password));
        return VerifiedStunMessage.TryVerify(Decode(), key, out _);
    }

    private StunMessage Decode() => StunMessage.Decode(Bytes, out StunMessage message) == StunDecodeStatus.Ok ? message : throw new FormatException();
}
