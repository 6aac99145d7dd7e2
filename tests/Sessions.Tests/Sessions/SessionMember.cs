using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Signaling;
using Stack.Transport;
using Xunit;

namespace Stack.Sessions.Tests;

/// <summary>One machine of a session, on loopback, with what it was told so far.</summary>
internal sealed class SessionMember : IAsyncDisposable
{
    private readonly Queue<IceSessionEvent> _held = new();

    private SessionMember(IceSession session) => Session = session;

    public IceSession Session { get; }

    public static IceSessionOptions Options(CoreServer server, string name, SignalingDialect dialect = SignalingDialect.Own) => new()
    {
        Server = server.Uri,
        Session = "lusab-babad",
        Name = name,
        Dialect = dialect,
        Ice = NegotiatingPeer.Loopback,

        // Who leaves without the server's answer is held for lost for a while, and not gone.
        Farewell = TimeSpan.FromMinutes(1),
    };

    public static Task<SessionMember> JoinAsync(CoreServer server, string name, SignalingDialect dialect = SignalingDialect.Own)
        => JoinAsync(Options(server, name, dialect));

    public static async Task<SessionMember> JoinAsync(IceSessionOptions options)
    {
        var member = new SessionMember(await IceSession.JoinAsync(options));
        Assert.Equal(IceSessionEventKind.Joined, (await member.Session.ReadEventAsync()).Kind);
        return member;
    }

    /// <summary>Waits for an event, and holds back those before it for later calls.</summary>
    public async Task<IceSessionEvent> WaitForAsync(Func<IceSessionEvent, bool> isIt)
    {
        for (int i = _held.Count; i > 0; i--)
        {
            IceSessionEvent held = _held.Dequeue();
            if (isIt(held))
            {
                return held;
            }

            _held.Enqueue(held);
        }

        while (true)
        {
            IceSessionEvent happened = await Session.ReadEventAsync();
            if (isIt(happened))
            {
                return happened;
            }

            _held.Enqueue(happened);
        }
    }

    public Task<IceSessionEvent> WaitForAsync(IceSessionEventKind kind) => WaitForAsync(happened => happened.Kind == kind);

    /// <summary>Waits until it is connected to a peer of that name.</summary>
    public async Task<IceSessionPeer> ConnectAsync(string name)
        => (await WaitForAsync(happened => happened.Kind == IceSessionEventKind.Connected && happened.Peer!.Name == name)).Peer!;

    /// <summary>Events that came and that no call has waited for.</summary>
    public IEnumerable<IceSessionEventKind> Held => _held.Select(static happened => happened.Kind);

    /// <summary>Sends until it arrives: datagrams may come before the other side has its path.</summary>
    public static async Task SayAsync(IceConnection from, IceConnection to, byte value)
    {
        byte[] buffer = new byte[16];
        await from.ConnectAsync();
        await to.ConnectAsync();
        await from.SendAsync(new byte[] { 200, value });
        do
        {
            Assert.Equal(2, await to.ReceiveAsync(buffer));
        }
        while (buffer[1] != value);
        Assert.NotEqual(IceSessionState.Failed, to.State);
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
