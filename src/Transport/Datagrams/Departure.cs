using Stack.Stun;

namespace Stack.Transport;

/// <summary>A datagram that waits to be sent.</summary>
/// <param name="Buffer">Where its bytes are.</param>
/// <param name="Offset">Where in there.</param>
/// <param name="Length">How many.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="TrafficClass">DSCP and ECN, as the byte in the IP header.</param>
/// <param name="Relayed">How many bytes of it somebody else has sent; <see cref="NotRelayed"/> where it is a message of our own.</param>
internal readonly record struct Departure(PinnedBuffer Buffer, int Offset, int Length, TransportAddress Destination, byte TrafficClass, int Relayed)
{
    public const int NotRelayed = -1;

    /// <summary>Whether both may go as segments of one message, this one first.</summary>
    public bool CanLead(in Departure next)
        => next.Length <= Length && next.Length != 0 && next.TrafficClass == TrafficClass && next.Destination == Destination;
}
