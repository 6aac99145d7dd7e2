using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <content>Requests: who may ask, and what for (RFC 8489 section 9.2.4, RFC 8656 section 5).</content>
internal sealed partial class ModelServer
{
    private const int MaxUnknown = 32;
    private const int MaxRequest = 4096;

    private static readonly int[] StunTypes =
    [
        ModelAttribute.MappedAddress, ModelAttribute.Username, ModelAttribute.MessageIntegrity, ModelAttribute.ErrorCode,
        ModelAttribute.UnknownAttributes, ModelAttribute.Realm, ModelAttribute.Nonce, ModelAttribute.MessageIntegritySha256,
        ModelAttribute.PasswordAlgorithm, ModelAttribute.Userhash, ModelAttribute.XorMappedAddress,
    ];

    private static readonly int[] TurnTypes =
    [
        .. StunTypes,
        ModelAttribute.ChannelNumber, ModelAttribute.Lifetime, ModelAttribute.XorPeerAddress, ModelAttribute.Data,
        ModelAttribute.XorRelayedAddress, ModelAttribute.RequestedAddressFamily, ModelAttribute.EvenPort, ModelAttribute.RequestedTransport,
        ModelAttribute.ReservationToken, ModelAttribute.ConnectionId,
    ];

    private static readonly int[] TurnTypesWithDontFragment = [.. TurnTypes, ModelAttribute.DontFragment];

    private static ReadOnlySpan<byte> Offer => [0, 2, 0, 0, 0, 1, 0, 0];

    public bool OffersAlgorithms(ModelTuple tuple) => tuple.IsStream ? _settings.Sha256OverStreams : _settings.Sha256OverUdp;

    private static byte[] FindUnknown(ModelRequest request, int[] understood)
    {
        IEnumerable<int> unknown = request.Message.Visible
            .Select(attribute => attribute.Type)
            .Where(type => type < 0x8000 && !understood.Contains(type))
            .Distinct()
            .Take(MaxUnknown);
        return unknown.SelectMany(type => (byte[])[(byte)(type >> 8), (byte)type]).ToArray();
    }

    private ExpectedStep HandleRequest(ModelRequest request, ModelTuple tuple, long now, Observation seen)
    {
        if (_message.Method is not (ModelMethod.Allocate or ModelMethod.Refresh or ModelMethod.CreatePermission or ModelMethod.ChannelBind
            or ModelMethod.Connect or ModelMethod.ConnectionBind))
        {
            return ExpectedStep.Silent(ModelDisposition.UnknownMethod);
        }

        if (request.Size > MaxRequest)
        {
            return ExpectedStep.Silent(ModelDisposition.TooLarge);
        }

        ModelAllocation? allocation = Find(tuple);
        bool claims = _message.MessageIntegrityOffset >= 0 || _message.MessageIntegritySha256Offset >= 0;
        bool proven = claims && HasOwnNonce(request, tuple, now, out _);
        ReferenceAddress network = ModelShared.Network(tuple.Client);
        bool silenced = _shared.ProvenFailures.IsSilenced(network, now)
            || (claims && !proven && _shared.UnprovenFailures.IsSilenced(network, now));
        if (silenced && !IsItsUser(request, allocation, claims))
        {
            return ExpectedStep.Silent(ModelDisposition.Silenced);
        }

        int code = Authenticate(request, tuple, now, out ModelUser? user, out byte[]? key);
        if (code != 0)
        {
            if (claims && code == 401)
            {
                (proven ? _shared.ProvenFailures : _shared.UnprovenFailures).Count(network, _shared.Settings.Failures, now);
            }

            return Challenge(request, tuple, code, proven, now, seen);
        }

        var caller = new ModelCaller(request, tuple, user!, key!, request.Has(ModelAttribute.PasswordAlgorithm), now);

        // RFC 8656 section 5, RFC 8489 section 6.3.1: what is sent again is not done again.
        if (allocation is not null && allocation.Username == user!.Name && allocation.FindReply(request.TransactionId, now) is { } same)
        {
            return new ExpectedStep(ModelDisposition.Answered) { SameReply = same };
        }

        ExpectedStep step = Dispatch(caller, allocation, seen);
        if (step.Disposition == ModelDisposition.Answered && seen.Reply is { } reply)
        {
            Find(tuple)?.KeepReply(request.TransactionId, reply, now);
        }

        return step;
    }

    // Nobody can silence the user of an allocation; whoever has one cannot try the passwords of others from there.
    private static bool IsItsUser(ModelRequest request, ModelAllocation? allocation, bool claims)
    {
        if (allocation is null || !claims)
        {
            return allocation is not null;
        }

        ReferenceValue<ReferenceAttribute> username = request.Message.Username;
        ReferenceValue<ReferenceAttribute> userhash = request.Message.Userhash;
        return username.Presence == ReferencePresence.Present
            ? Encoding.Latin1.GetString(username.Value.ToArray()) == allocation.Username
            : userhash.Presence == ReferencePresence.Present && userhash.Value.ToArray().AsSpan().SequenceEqual(allocation.Userhash);
    }

    private ExpectedStep Dispatch(ModelCaller caller, ModelAllocation? allocation, Observation seen)
    {
        byte[] unknown = FindUnknown(caller.Request, _settings.DontFragment ? TurnTypesWithDontFragment : TurnTypes);
        if (unknown.Length > 0)
        {
            return caller.Refuse(420, reply => reply.With(ModelAttribute.UnknownAttributes, unknown));
        }

        if (caller.Request.Message.Method == ModelMethod.Allocate)
        {
            return Allocate(caller, allocation, seen);
        }

        if (caller.Request.Message.Method == ModelMethod.ConnectionBind)
        {
            return ConnectionBind(caller, allocation, seen);
        }

        if (allocation is null)
        {
            return caller.Refuse(437);
        }

        if (allocation.Username != caller.User.Name)
        {
            return caller.Refuse(441);
        }

        return caller.Request.Message.Method switch
        {
            ModelMethod.Refresh => Refresh(caller, allocation, seen),
            ModelMethod.CreatePermission => CreatePermission(caller, allocation),
            ModelMethod.ChannelBind => ChannelBind(caller, allocation),
            _ => Connect(caller, allocation, seen),
        };
    }

    private bool HasOwnNonce(ModelRequest request, ModelTuple tuple, long now, out int? features)
    {
        features = null;
        if (!request.TryFind(ModelAttribute.Nonce, out ReadOnlySpan<byte> nonce) || nonce.Length > ReferenceMessage.MaxTextLength)
        {
            return false;
        }

        features = ReferenceNonce.Read(nonce.ToArray());
        return features is not null && _shared.IsValidNonce(Encoding.Latin1.GetString(nonce[13..]), tuple.Client, now);
    }

    // 0 where all is well, in the order of RFC 8489 section 9.2.4.
    private int Authenticate(ModelRequest request, ModelTuple tuple, long now, out ModelUser? user, out byte[]? key)
    {
        user = null;
        key = null;
        ReferenceMessage message = request.Message;
        if (message.MessageIntegrityOffset < 0 && message.MessageIntegritySha256Offset < 0)
        {
            return 401;
        }

        ReferenceValue<ReferenceAttribute> username = message.Username;
        ReferenceValue<ReferenceAttribute> userhash = message.Userhash;
        bool oneUser = (username.Presence == ReferencePresence.Present) != (userhash.Presence == ReferencePresence.Present);
        if (!oneUser || username.Presence == ReferencePresence.Malformed || userhash.Presence == ReferencePresence.Malformed
            || message.Realm.Presence != ReferencePresence.Present || message.Nonce.Presence != ReferencePresence.Present)
        {
            return 400;
        }

        bool ownNonce = HasOwnNonce(request, tuple, now, out int? features);
        bool sha256Key = false;
        bool hasList = request.TryFind(ModelAttribute.PasswordAlgorithms, out ReadOnlySpan<byte> list);
        bool hasOne = request.TryFind(ModelAttribute.PasswordAlgorithm, out ReadOnlySpan<byte> one);
        if (features is { } bits && (bits & 1) != 0 && (hasList || hasOne))
        {
            bool echoes = hasList && hasOne && OffersAlgorithms(tuple) && list.SequenceEqual(Offer) && one.Length == 4 && one[0] == 0 && one[1] is 1 or 2
                && one[2] == 0 && one[3] == 0;
            if (!echoes)
            {
                return 400;
            }

            sha256Key = one[1] == 2;
        }

        user = username.Presence == ReferencePresence.Present
            ? FindUser(Encoding.Latin1.GetString(username.Value.ToArray()))
            : FindUserByHash(userhash.Value.ToArray());
        byte[][] keys = user is null ? [] : sha256Key ? user.Sha256Keys : user.Md5Keys;
        key = Array.Find(keys, candidate => message.MessageIntegritySha256Offset >= 0
            ? message.MessageIntegritySha256.Value.Length == 32 && message.MessageIntegritySha256Ok(candidate)
            : message.MessageIntegrityOk(candidate));
        if (key is null || Encoding.Latin1.GetString(message.Realm.Value.ToArray()) != _settings.Realm)
        {
            return 401;
        }

        return ownNonce && features == Features(tuple) ? 0 : 438;
    }

    private int Features(ModelTuple tuple) => (OffersAlgorithms(tuple) ? 1 : 0) + (_settings.Userhash ? 2 : 0);

    private ModelUser? FindUser(string name) => _settings.Users.FirstOrDefault(user => user.Name == name);

    private ModelUser? FindUserByHash(byte[] hash)
        => _settings.Userhash ? _settings.Users.FirstOrDefault(user => user.Userhash.AsSpan().SequenceEqual(hash)) : null;

    private ExpectedStep Challenge(ModelRequest request, ModelTuple tuple, int code, bool proven, long now, Observation seen)
    {
        if (!tuple.IsStream && !_shared.TryTakeReply(tuple.Client, proven, now))
        {
            return ExpectedStep.Silent(ModelDisposition.RateLimited);
        }

        ExpectedMessage reply = new ExpectedMessage(request.Message.Method, ModelMethod.Error, request.TransactionId).WithError(code);
        if (code != 400)
        {
            byte[] realm = Encoding.UTF8.GetBytes(_settings.Realm);
            reply.With(ModelAttribute.Realm, realm).WithAny(ModelAttribute.Nonce, 24);
            if ((Features(tuple) & 1) != 0)
            {
                reply.With(ModelAttribute.PasswordAlgorithms, Offer.ToArray());
            }
        }

        reply.Fingerprinted(request.HasFingerprint);
        if (!tuple.IsStream && !proven && _settings.StrictAmplification && reply.Size > request.Size)
        {
            return ExpectedStep.Silent(ModelDisposition.RateLimited);
        }

        if (code != 400 && seen.Reply is { } bytes)
        {
            NoteNonce(bytes, tuple, now);
        }

        return new ExpectedStep(code == 400 ? ModelDisposition.Refused : ModelDisposition.Challenged) { Reply = reply };
    }

    private void NoteNonce(byte[] reply, ModelTuple tuple, long now)
    {
        bool hasNonce = _answer.Load(reply, acceptClassic: false) == ReferenceVerdict.Ok && _answer.Nonce.Presence == ReferencePresence.Present;
        ModelViolationException.Require(hasNonce, "a challenge without a nonce");
        byte[] nonce = _answer.Nonce.Value.ToArray();
        ModelViolationException.Require(ReferenceNonce.Read(nonce) == Features(tuple), "the security features of a nonce are wrong");
        _shared.NoteNonce(Encoding.Latin1.GetString(nonce.AsSpan(13)), tuple.Client, now);
    }
}
