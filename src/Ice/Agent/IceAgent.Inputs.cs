using System;
using Stack.Stun;

namespace Stack.Ice;

public sealed partial class IceAgent
{
    private const int MaxResponses = 64;
    private const int MaxUnknownAttributes = 32;

    // Header, ERROR-CODE without a phrase, FINGERPRINT.
    private const int ErrorSize = 36;

    /// <summary>Takes a datagram, or a message of a TCP connection without its frame.</summary>
    /// <param name="baseId">The socket or allocation that it came to.</param>
    /// <param name="source">Where it came from: at an allocation the peer, over TCP the remote end of the connection.</param>
    /// <param name="datagram">Exactly the bytes received.</param>
    /// <param name="now">When they came.</param>
    /// <param name="arrival">Whose the data is, for <see cref="IceDisposition.ApplicationData"/>.</param>
    public IceDisposition HandleDatagram(int baseId, TransportAddress source, ReadOnlySpan<byte> datagram, Instant now, out IceArrival arrival)
    {
        arrival = default;
        if (_closed || !_context.Bases.TryGetValue(baseId, out LocalBase? localBase))
        {
            return IceDisposition.UnknownBase;
        }

        // FINGERPRINT tells checks from data that happens to look like STUN (RFC 8489 section 7).
        if (StunDemultiplexer.Classify(datagram, turn: false) != StunPacketKind.Stun
            || StunMessage.Decode(datagram, out StunMessage message) != StunDecodeStatus.Ok
            || !message.HasFingerprint || !Fingerprint.Verify(message))
        {
            arrival = new IceArrival(localBase.Stream, localBase.ComponentId);
            return datagram.IsEmpty ? IceDisposition.Malformed
                : IsValidated(localBase, source) ? IceDisposition.ApplicationData : IceDisposition.Unvalidated;
        }

        if (message.Method != StunMethod.Binding)
        {
            return IceDisposition.NotExpected;
        }

        IceDisposition disposition = message.Class switch
        {
            StunClass.Request => HandleRequest(localBase, source, message, now),
            StunClass.Indication => IceDisposition.Taken,
            _ => HandleResponse(localBase, source, message, now),
        };
        Advance(now);
        return disposition;
    }

    /// <summary>Takes a hard ICMP error about a destination, or the operating system's refusal to send to it.</summary>
    /// <param name="baseId">The socket that it is about.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="now">When it came.</param>
    public void HandleUnreachable(int baseId, TransportAddress destination, Instant now)
    {
        if (!_closed && _context.Bases.TryGetValue(baseId, out LocalBase? localBase))
        {
            _current.HandleUnreachable(localBase, destination, now);
            Advance(now);
        }
    }

    /// <summary>A TCP connection stands: one that was wanted, or one that was accepted on a passive base.</summary>
    /// <param name="baseId">The base.</param>
    /// <param name="remote">The remote end.</param>
    /// <param name="now">When it came to be.</param>
    public void HandleConnected(int baseId, TransportAddress remote, Instant now)
    {
        if (!_closed && _context.Bases.TryGetValue(baseId, out LocalBase? localBase) && localBase.Connections.Count < LocalBase.MaxSources)
        {
            localBase.Connecting.Remove(remote);
            localBase.Connections.Add(remote);
            if (_freed)
            {
                _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.ConnectionUnwanted, Stream = localBase.Stream, ComponentId = localBase.ComponentId, BaseId = baseId, Remote = remote });
            }

            _current.HandleConnected(localBase, remote, now);
            Advance(now);
        }
    }

    /// <summary>A TCP connection has ended, or could not be made.</summary>
    /// <param name="baseId">The base.</param>
    /// <param name="remote">The remote end.</param>
    /// <param name="now">When that was noticed.</param>
    public void HandleConnectionLost(int baseId, TransportAddress remote, Instant now)
    {
        if (!_closed && _context.Bases.TryGetValue(baseId, out LocalBase? localBase))
        {
            localBase.Connecting.Remove(remote);
            localBase.Connections.Remove(remote);
            localBase.Sources.Remove(remote);
            _current.HandleConnectionLost(localBase, remote, now);
            _previous?.HandleConnectionLost(localBase, remote, now);
            Advance(now);
        }
    }

    /// <summary>Data counts only from where an authenticated message has come from. Between two lite agents there are no checks to wait for.</summary>
    private bool IsValidated(LocalBase localBase, TransportAddress source)
        => localBase.Sources.Contains(source) || (_options.IsLite && _current.Remote is { IsLite: true } && _current.IsRemoteCandidate(localBase, source));

    /// <summary>RFC 8445 section 7.3: authentication first; nothing changes before it.</summary>
    private IceDisposition HandleRequest(LocalBase localBase, TransportAddress source, StunMessage message, Instant now)
    {
        if (message.ReadUsername(out ReadOnlySpan<byte> username) != StunAttributeStatus.Present
            || (!message.HasMessageIntegrity && !message.HasMessageIntegritySha256))
        {
            return Refuse(localBase, source, message, StunErrorCode.BadRequest, now);
        }

        CheckSession? session = _current.IsNamedBy(username, out ReadOnlySpan<byte> fragment) ? _current
            : _previous?.IsNamedBy(username, out fragment) == true ? _previous : null;
        if (session is null || !VerifiedStunMessage.TryVerify(message, session.LocalKey, out VerifiedStunMessage verified))
        {
            return Refuse(localBase, source, message, StunErrorCode.Unauthenticated, now);
        }

        if (_responses.Count >= MaxResponses)
        {
            return IceDisposition.LimitReached;
        }

        var response = new PendingResponse
        {
            BaseId = localBase.Id,
            Destination = source,
            Id = message.TransactionId,
            Key = session.LocalKey,
            Algorithm = verified.Algorithm,
        };
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[MaxUnknownAttributes];
        if (message.CollectUnknownAttributes(CheckAttributes.Understood, unknown) is > 0 and var count)
        {
            _responses.Enqueue(response with { Error = StunErrorCode.UnknownAttribute, UnknownAttributes = unknown[..count].ToArray() });
            return IceDisposition.NotExpected;
        }

        if (message.ReadPriority(out uint priority) != StunAttributeStatus.Present
            || message.ReadIceRole(out IceRole role, out ulong tieBreaker) != StunAttributeStatus.Present
            || message.ReadUseCandidate() is not (var use and not StunAttributeStatus.Malformed))
        {
            _responses.Enqueue(response with { Error = StunErrorCode.BadRequest });
            return IceDisposition.NotExpected;
        }

        if (!SettleConflict(session, role, tieBreaker, now))
        {
            _responses.Enqueue(response with { Error = StunErrorCode.RoleConflict });
            return IceDisposition.Taken;
        }

        localBase.Remember(source);
        if (localBase.IsTcp)
        {
            // It came over a connection, though many idle ones may have kept that from being counted.
            localBase.Connections.Add(source);
        }

        bool nominates = use == StunAttributeStatus.Present && role == IceRole.Controlling;
        bool accepted = Learn(session, new IncomingCheck(localBase, source, priority, nominates), fragment, now);

        // A nomination that is not accepted is refused (RFC 8445 section 7.3.1.5); other checks only ask whether we can be reached.
        _responses.Enqueue(accepted || !nominates ? response : response with { Error = StunErrorCode.BadRequest });
        return accepted ? IceDisposition.Taken : IceDisposition.LimitReached;
    }

    /// <returns>False where nothing can come of the check.</returns>
    private bool Learn(CheckSession session, in IncomingCheck check, ReadOnlySpan<byte> fragment, Instant now)
    {
        if (session != _current)
        {
            // The session before the restart is over but for its paths.
            return !check.Nominates;
        }

        return session.Remote is null ? _early.TryAdd(check, fragment)
            : session.IsRemoteFragment(fragment) && session.HandleCheck(check, now);
    }

    /// <summary>RFC 8445 section 7.3.1.1; a lite agent has its role by the exchange of parameters.</summary>
    /// <returns>False where the request is refused with 487.</returns>
    private bool SettleConflict(CheckSession session, IceRole role, ulong tieBreaker, Instant now)
    {
        if (_options.IsLite || session != _current)
        {
            return true;
        }

        switch (_context.Roles.Judge(role, tieBreaker))
        {
            case RoleVerdict.Refuse:
                return false;
            case RoleVerdict.Switch when _context.Roles.Switches >= _options.Limits.MaxRoleSwitches:
                _current.FailRoles(now);
                return false;
            case RoleVerdict.Switch:
                _current.SwitchRole(refused: false);
                return true;
            default:
                return true;
        }
    }

    /// <summary>An error that costs an attacker more than it gives: at most one a second for a source, and never longer than the request.</summary>
    private IceDisposition Refuse(LocalBase localBase, TransportAddress source, StunMessage message, StunErrorCode code, Instant now)
    {
        if (message.Bytes.Length >= ErrorSize && _responses.Count < MaxResponses && _errorReplies.TryTake(source, now))
        {
            _responses.Enqueue(new PendingResponse { BaseId = localBase.Id, Destination = source, Id = message.TransactionId, Error = code });
        }

        return IceDisposition.Unauthenticated;
    }

    private IceDisposition HandleResponse(LocalBase localBase, TransportAddress source, StunMessage message, Instant now)
    {
        IceDisposition disposition = _current.HandleResponse(localBase, source, message, now);
        return disposition == IceDisposition.UnknownTransaction && _previous is { } previous
            ? previous.HandleResponse(localBase, source, message, now)
            : disposition;
    }
}
