using System;
using System.Collections.Generic;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What a client wants of the server, apart from the credential and the transactions that it takes.</summary>
internal abstract class ClientRequest(StunMethod method)
{
    public StunMethod Method { get; } = method;

    /// <summary>How often it has been made anew because of a challenge.</summary>
    public int Challenges { get; set; }

    /// <summary>A schedule of its own; null for the usual one.</summary>
    public virtual RetransmissionSchedule? Schedule => null;

    public abstract void Write(ref StunMessageWriter writer);
}

/// <summary>RFC 8656 section 7.1, RFC 6062 section 4.1.</summary>
internal sealed class AllocateRequest(ClientAllocationOptions options) : ClientRequest(StunMethod.Allocate)
{
    public override void Write(ref StunMessageWriter writer)
    {
        writer.AddRequestedTransport(options.Protocol);
        if (options.Lifetime is { } lifetime)
        {
            writer.AddLifetime(lifetime);
        }

        if (options.Family != StunAddressFamily.None)
        {
            writer.AddRequestedAddressFamily(options.Family);
        }

        if (options.Dual)
        {
            writer.AddAdditionalAddressFamily(StunAddressFamily.IPv6);
        }

        if (options.EvenPort != EvenPortRequest.None)
        {
            writer.AddEvenPort(options.EvenPort == EvenPortRequest.EvenAndReserveNext);
        }

        if (options.ReservationToken is { } token)
        {
            writer.AddReservationToken(token);
        }

        if (options.DontFragment)
        {
            writer.AddDontFragment();
        }
    }
}

/// <summary>RFC 8656 section 8.1. Without a family it is about all addresses of the allocation.</summary>
internal sealed class RefreshRequest(TimeSpan? lifetime, RetransmissionSchedule? schedule) : ClientRequest(StunMethod.Refresh)
{
    public bool Deletes { get; } = lifetime == TimeSpan.Zero;

    public override RetransmissionSchedule? Schedule => schedule;

    public override void Write(ref StunMessageWriter writer)
    {
        if (lifetime is { } asked)
        {
            writer.AddLifetime(asked);
        }
    }
}

/// <summary>RFC 8656 section 10.1.</summary>
internal sealed class PermissionRequest(List<ClientPermission> permissions) : ClientRequest(StunMethod.CreatePermission)
{
    public List<ClientPermission> Permissions { get; } = permissions;

    public override void Write(ref StunMessageWriter writer)
    {
        foreach (ClientPermission permission in Permissions)
        {
            writer.AddXorPeerAddress(permission.Address);
        }
    }
}

/// <summary>RFC 8656 section 12.1.</summary>
internal sealed class ChannelRequest(ClientChannel channel) : ClientRequest(StunMethod.ChannelBind)
{
    public ClientChannel Channel { get; } = channel;

    public override void Write(ref StunMessageWriter writer)
    {
        writer.AddChannelNumber(Channel.Number);
        writer.AddXorPeerAddress(Channel.Peer);
    }
}

/// <summary>RFC 6062 section 4.3.</summary>
internal sealed class ConnectRequest(TransportAddress peer) : ClientRequest(StunMethod.Connect)
{
    public TransportAddress Peer { get; } = peer;

    public override void Write(ref StunMessageWriter writer) => writer.AddXorPeerAddress(Peer);
}

/// <summary>RFC 6062 section 4.3, on the data connection.</summary>
internal sealed class ConnectionBindRequest(ConnectionId connection) : ClientRequest(StunMethod.ConnectionBind)
{
    public override void Write(ref StunMessageWriter writer) => writer.AddConnectionId(connection);
}
