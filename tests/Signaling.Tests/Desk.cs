using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>A core with clients around it, in virtual time: what it sends is in their hands at once, and what they do not read stays on its way.</summary>
internal sealed class Desk
{
    public const string Alice = "192.0.2.10:51234";

    private readonly Dictionary<ConnectionId, Client> _clients = [];
    private int _host;

    public Desk(SignalingLimits? limits = null, IRelayCredentials? relays = null, ulong seed = 1, bool shared = false)
        => Core = new SignalingCore(limits ?? SignalingLimits.Default, relays ?? new Relays(), new SeededRandom(seed), shared);

    public SignalingCore Core { get; }

    public Instant Now { get; private set; } = new(TimeSpan.TicksPerDay);

    public DateTimeOffset Wall => new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.Zero) + (Now - new Instant(TimeSpan.TicksPerDay));

    public List<SignalingEvent> Events { get; } = [];

    public List<SharedMessage> Shared { get; } = [];

    /// <summary>Opens a socket that has to be taken.</summary>
    public Client Open(string path, string? remote = null, string agent = "tests")
    {
        Assert.Null(TryOpen(path, out Client? client, remote, agent));
        return client!;
    }

    public SignalingRefusal? TryOpen(string target, out Client? client, string? remote = null, string agent = "tests")
    {
        string[] parts = target.Split('?', 2);
        var request = new ConnectRequest
        {
            Path = parts[0],
            Query = parts.Length > 1 ? "?" + parts[1] : "",
            Remote = Wire.Address(remote ?? $"198.51.{_host / 250}.{(_host++ % 250) + 1}:1000"),
            UserAgent = agent,
            Time = Wall,
        };
        SignalingRefusal? refusal = Core.Connect(request, Now, out ConnectionId id);
        client = null;
        if (refusal is null)
        {
            client = new Client(this, id);
            _clients.Add(id, client);
        }

        Drain();
        return refusal;
    }

    /// <summary>Opens a socket of the own dialect and joins.</summary>
    public Client Join(string session, string name = "", string? resume = null)
    {
        Client client = Open("/session");
        client.Say(Encoding.UTF8.GetString(new OwnJoin(session, name, resume).ToUtf8()));
        return client;
    }

    /// <summary>Lets time pass; what is due happens when it is due.</summary>
    public void Advance(TimeSpan time)
    {
        Instant end = Now + time;
        while (Core.NextTimeout is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Core.HandleTimeout(Now);
            Drain();
            Assert.True(Core.NextTimeout is null || Core.NextTimeout > Now, "a deadline stays");
        }

        Now = end;
    }

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    public void Drain()
    {
        while (Core.TryReadTransmit(out SignalingTransmit transmit))
        {
            _clients[transmit.Connection].Handle(transmit);
        }

        while (Core.TryReadShared(out SharedMessage? message))
        {
            Shared.Add(message);
        }

        while (Core.TryReadEvent(out SignalingEvent e))
        {
            Events.Add(e);
        }
    }

    public void Forget(Client client) => _clients.Remove(client.Id);

    public IEnumerable<SignalingEventKind> Kinds => Events.Select(static e => e.Kind);
}
