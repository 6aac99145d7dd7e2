using System;

namespace Stack.Stun;

/// <summary>
/// The two addresses and two ports of a server for NAT behaviour discovery, A1, A2, P1 and P2, which make four endpoints (RFC 5780 section 6).
/// </summary>
public sealed class AlternateAddresses
{
    /// <summary>Combines two endpoints.</summary>
    /// <param name="primary">A1:P1.</param>
    /// <param name="alternate">A2:P2; another address and another port of the same family.</param>
    /// <exception cref="ArgumentException">Address or port are the same, or the families differ.</exception>
    public AlternateAddresses(TransportAddress primary, TransportAddress alternate)
    {
        if (primary.IsNone || primary.Family != alternate.Family)
        {
            throw new ArgumentException("The alternate address must be of the family of the primary one.", nameof(alternate));
        }

        if (primary.HasSameAddress(alternate) || primary.Port == alternate.Port)
        {
            throw new ArgumentException("The alternate must differ in address and in port (RFC 5780 section 6).", nameof(alternate));
        }

        Primary = primary;
        Alternate = alternate;
    }

    /// <summary>A1:P1.</summary>
    public TransportAddress Primary { get; }

    /// <summary>A2:P2.</summary>
    public TransportAddress Alternate { get; }

    /// <summary>The four endpoints: A1:P1, A1:P2, A2:P1 and A2:P2.</summary>
    public TransportAddress[] ToArray()
        => [Primary, Primary.WithPort(Alternate.Port), Alternate.WithPort(Primary.Port), Alternate];

    /// <summary>Whether an endpoint is one of the four.</summary>
    /// <param name="local">The endpoint.</param>
    public bool Contains(TransportAddress local)
        => (local.HasSameAddress(Primary) || local.HasSameAddress(Alternate)) && (local.Port == Primary.Port || local.Port == Alternate.Port);

    /// <summary>The endpoint that a response is sent from (RFC 5780 section 6.1, table 1).</summary>
    /// <param name="local">Da:Dp, where the request arrived.</param>
    /// <param name="flags">The flags of CHANGE-REQUEST.</param>
    public TransportAddress Select(TransportAddress local, ChangeRequestFlags flags)
    {
        bool onPrimaryAddress = local.HasSameAddress(Primary);
        bool onPrimaryPort = local.Port == Primary.Port;
        TransportAddress address = onPrimaryAddress ^ flags.HasFlag(ChangeRequestFlags.ChangeIP) ? Primary : Alternate;
        return address.WithPort(onPrimaryPort ^ flags.HasFlag(ChangeRequestFlags.ChangePort) ? Primary.Port : Alternate.Port);
    }
}
