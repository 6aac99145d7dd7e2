using Stack.Turn;

namespace Stack.Transport;

/// <summary>The buffers of a loop: one for what has come, with room for headers around it, and one for what is made.</summary>
internal sealed class RelayBuffers
{
    /// <summary>Room for every datagram and every frame, and then some: a datagram that fills it was cut.</summary>
    public const int MessageSize = 65_600;

    /// <summary>Where what has come begins.</summary>
    public const int Start = TurnServer.Headroom;

    public PinnedBuffer Inbound { get; } = new(Start + MessageSize + TurnServer.Tailroom);

    public PinnedBuffer Outbound { get; } = new(MessageSize);

    /// <summary>For what nobody reads.</summary>
    public PinnedBuffer Waste { get; } = new(16);
}
