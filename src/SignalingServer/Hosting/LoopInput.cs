using System;
using System.Net.WebSockets;

namespace Stack.Signaling.Server;

/// <summary>One thing that the loop of a server is told. Which members count depends on its kind.</summary>
internal readonly record struct LoopInput
{
    public static readonly LoopInput Tick = new() { Kind = LoopInputKind.Tick };

    public required LoopInputKind Kind { get; init; }

    public SignalingSocket? Socket { get; init; }

    /// <summary>A message: lent until the loop is done with it.</summary>
    public byte[]? Buffer { get; init; }

    /// <summary>The bytes of a message, or the code of a close.</summary>
    public int Number { get; init; }

    public string? Reason { get; init; }

    public ConnectCall? Connect { get; init; }

    public Action<SignalingCore>? Call { get; init; }

    public static LoopInput OfConnect(ConnectCall call) => new() { Kind = LoopInputKind.Connect, Connect = call };

    public static LoopInput OfMessage(SignalingSocket socket, byte[] buffer, int length)
        => new() { Kind = LoopInputKind.Message, Socket = socket, Buffer = buffer, Number = length };

    public static LoopInput OfSent(SignalingSocket socket) => new() { Kind = LoopInputKind.Sent, Socket = socket };

    public static LoopInput OfRefused(SignalingSocket socket, int code, string reason)
        => new() { Kind = LoopInputKind.Refused, Socket = socket, Number = code, Reason = reason };

    public static LoopInput OfRefused(SignalingSocket socket, FrameVerdict verdict) => verdict switch
    {
        FrameVerdict.NotMasked => OfRefused(socket, (int)WebSocketCloseStatus.ProtocolError, "frames of clients are masked"),
        FrameVerdict.TooManyControlFrames => OfRefused(socket, SignalingCloseCode.TooManyMessages, "too many control frames"),
        FrameVerdict.TooManyFragments => OfRefused(socket, SignalingCloseCode.TooLong, "too many fragments"),
        _ => OfRefused(socket, SignalingCloseCode.TooLong, "the message is too long"),
    };

    public static LoopInput OfClosed(SignalingSocket socket, int code) => new() { Kind = LoopInputKind.Closed, Socket = socket, Number = code };

    public static LoopInput OfCall(Action<SignalingCore> call) => new() { Kind = LoopInputKind.Call, Call = call };
}
