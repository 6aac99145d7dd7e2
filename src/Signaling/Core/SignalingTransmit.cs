using System;

namespace Stack.Signaling;

/// <summary>Something to do with a socket: a text message to send, or the code with which to close it.</summary>
/// <param name="Connection">The socket.</param>
/// <param name="Payload">The message in UTF-8; empty when closing. Shared with other receivers: not to be written to.</param>
/// <param name="CloseCode">0 for a message; else the code with which to close, at once: what is not sent yet is thrown away, unless <paramref name="Drain"/>.</param>
/// <param name="CloseReason">Text for people beside the code; empty for a message.</param>
/// <param name="Drain">When closing: messages handed out before are sent first.</param>
public readonly record struct SignalingTransmit(ConnectionId Connection, ReadOnlyMemory<byte> Payload, int CloseCode = 0, string CloseReason = "", bool Drain = false)
{
    /// <summary>Whether the socket is to be closed.</summary>
    public bool IsClose => CloseCode != 0;
}
