using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>Several processes with one store, in virtual time. What they tell each other goes through its text.</summary>
internal sealed class Cluster
{
    private readonly List<Desk> _desks = [];
    private readonly Dictionary<string, int> _counters = new(StringComparer.Ordinal);

    public Cluster(int processes, SignalingLimits? limits = null)
    {
        for (int i = 0; i < processes; i++)
        {
            Add(limits);
        }
    }

    public Desk this[int index] => _desks[index];

    /// <summary>The store does not answer, and nothing is carried.</summary>
    public bool IsDown { get; set; }

    public Desk Add(SignalingLimits? limits = null)
    {
        var desk = new Desk(limits, seed: (ulong)(_desks.Count + 1), shared: true);
        if (_desks.Count > 0)
        {
            desk.Advance(_desks[0].Now - desk.Now);
        }

        _desks.Add(desk);
        desk.Core.HandleSharedRestored(desk.Now);
        Carry();
        return desk;
    }

    /// <summary>A process dies: nothing of it is heard any more.</summary>
    public void Kill(int index) => _desks.RemoveAt(index);

    public void ForgetNumbers() => _counters.Clear();

    /// <summary>Carries what waits until nothing does.</summary>
    public void Carry()
    {
        for (int round = 0; round < 100; round++)
        {
            bool moved = false;
            foreach (Desk desk in _desks.ToArray())
            {
                desk.Drain();
                moved |= Number(desk);
                SharedMessage[] messages = [.. desk.Shared];
                desk.Shared.Clear();
                foreach (SharedMessage message in messages)
                {
                    Assert.True(SharedMessage.TryParse(message.ToUtf8(), out SharedMessage? read));
                    Assert.Equal(message.ToUtf8(), read.ToUtf8());
                    foreach (Desk other in IsDown ? [] : _desks)
                    {
                        other.Core.HandleShared(read, other.Now);
                        other.Drain();
                    }

                    moved = true;
                }
            }

            if (!moved)
            {
                return;
            }
        }

        Assert.Fail("the processes do not come to rest");
    }

    public void Advance(double seconds)
    {
        Instant end = _desks[0].Now + TimeSpan.FromSeconds(seconds);
        while (_desks[0].Now < end)
        {
            foreach (Desk desk in _desks)
            {
                desk.Advance(0.5);
            }

            Carry();
        }
    }

    public void Restore()
    {
        IsDown = false;
        foreach (Desk desk in _desks)
        {
            desk.Core.HandleSharedRestored(desk.Now);
        }

        Carry();
    }

    /// <summary>The numbers of a session as each process knows them.</summary>
    public int[][] Ids(string session = "w") => [.. _desks.Select(desk => desk.Core.FindSession(session)?.Peers.Select(static peer => peer.Id).ToArray() ?? [])];

    // The one atomic step of the store.
    private bool Number(Desk desk)
    {
        SignalingEvent[] wanted = [.. desk.Events.Where(static e => e.Kind == SignalingEventKind.IdWanted)];
        desk.Events.RemoveAll(static e => e.Kind == SignalingEventKind.IdWanted);
        foreach (SignalingEvent e in wanted)
        {
            if (IsDown)
            {
                desk.Core.HandleIdFailed(e.Connection, desk.Now);
            }
            else
            {
                int id = Math.Max(_counters.GetValueOrDefault(e.Session), e.Above) + 1;
                _counters[e.Session] = id;
                desk.Core.HandleId(e.Connection, id, desk.Now);
            }

            desk.Drain();
        }

        return wanted.Length > 0;
    }
}
