using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>The far end of one socket.</summary>
internal sealed class Client(Desk desk, ConnectionId id)
{
    private readonly List<string> _received = [];

    public ConnectionId Id => id;

    /// <summary>Does not read: what is sent to it stays on its way.</summary>
    public bool IsSlow { get; set; }

    public int? CloseCode { get; private set; }

    public bool Drained { get; private set; }

    public int Size { get; private set; }

    public TimeSpan Say(string json) => Say(Encoding.UTF8.GetBytes(json));

    public TimeSpan Say(byte[] utf8)
    {
        TimeSpan wait = desk.Core.HandleMessage(id, utf8, desk.Now);
        desk.Drain();
        return wait;
    }

    public void Handle(SignalingTransmit transmit)
    {
        Assert.Null(CloseCode);
        if (transmit.IsClose)
        {
            CloseCode = transmit.CloseCode;
            Drained = transmit.Drain;
            return;
        }

        _received.Add(Encoding.UTF8.GetString(transmit.Payload.Span));
        Size += transmit.Payload.Length;
        if (!IsSlow)
        {
            desk.Core.HandleSent(id);
        }
    }

    /// <summary>What has come since the last time.</summary>
    public string[] Take()
    {
        string[] messages = [.. _received];
        _received.Clear();
        return messages;
    }

    public string TakeOne() => Assert.Single(Take());

    /// <summary>What has come, of the own dialect.</summary>
    public OwnMessage[] TakeOwn() => [.. Take().Select(static text =>
    {
        Assert.Equal(MessageStatus.Ok, OwnMessage.Parse(Encoding.UTF8.GetBytes(text), out OwnMessage? message));
        return message!;
    })];

    /// <summary>The socket is gone: 0 where it broke.</summary>
    public void Close(int code = 0)
    {
        desk.Core.HandleClosed(id, code, desk.Now);
        desk.Drain();
        desk.Forget(this);
    }
}
