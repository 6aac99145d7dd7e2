using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Who is behind a shared port: by the fragment for requests, and for all else by the addresses that agents have sent requests to. Only what our
/// agents do makes entries, never what comes in. Looking up allocates nothing.
/// </summary>
internal sealed class PortDirectory
{
    /// <summary>How many addresses of one agent are remembered; an agent has at most so many pairs, and forgets the oldest.</summary>
    public const int MaxSourcesPerAgent = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedBase> _byFragment = [];
    private readonly Dictionary<string, SharedBase>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<TransportAddress, SharedBase[]> _bySource = [];

    public PortDirectory() => _bySpan = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byFragment.Count;
            }
        }
    }

    /// <summary>Adds an agent under a fragment.</summary>
    /// <returns>False where another one has it.</returns>
    public bool TryAdd(string fragment, SharedBase agent)
    {
        lock (_gate)
        {
            return _byFragment.TryAdd(fragment, agent) || _byFragment[fragment] == agent;
        }
    }

    public void Remove(string fragment, SharedBase agent)
    {
        lock (_gate)
        {
            if (_byFragment.TryGetValue(fragment, out SharedBase? known) && known == agent)
            {
                _byFragment.Remove(fragment);
            }
        }
    }

    public SharedBase? Find(ReadOnlySpan<byte> fragment)
    {
        Span<char> text = stackalloc char[IceCredentials.MaxLength];
        int length = Encoding.Latin1.GetChars(fragment, text);
        lock (_gate)
        {
            return _bySpan.TryGetValue(text[..length], out SharedBase? agent) ? agent : null;
        }
    }

    /// <summary>The agents that have sent requests to an address; null for none. The array never changes.</summary>
    public SharedBase[]? Find(TransportAddress source)
    {
        lock (_gate)
        {
            return _bySource.GetValueOrDefault(source);
        }
    }

    /// <summary>Notes that an agent expects answers from an address.</summary>
    public void Expect(TransportAddress source, SharedBase agent)
    {
        lock (_gate)
        {
            if (agent.IsClosed || !agent.Sources.Add(source))
            {
                return;
            }

            agent.SourceOrder.Enqueue(source);
            _bySource[source] = _bySource.TryGetValue(source, out SharedBase[]? others) ? [.. others, agent] : [agent];
            if (agent.SourceOrder.Count > MaxSourcesPerAgent)
            {
                Forget(agent.SourceOrder.Dequeue(), agent);
            }
        }
    }

    /// <summary>Removes an agent and all that is known of it.</summary>
    public void Remove(SharedBase agent)
    {
        lock (_gate)
        {
            agent.IsClosed = true;
            foreach (string fragment in agent.Fragments)
            {
                if (_byFragment.TryGetValue(fragment, out SharedBase? known) && known == agent)
                {
                    _byFragment.Remove(fragment);
                }
            }

            while (agent.SourceOrder.TryDequeue(out TransportAddress source))
            {
                Forget(source, agent);
            }
        }
    }

    private void Forget(TransportAddress source, SharedBase agent)
    {
        agent.Sources.Remove(source);
        if (!_bySource.TryGetValue(source, out SharedBase[]? agents))
        {
            return;
        }

        SharedBase[] left = Array.FindAll(agents, other => other != agent);
        if (left.Length == 0)
        {
            _bySource.Remove(source);
        }
        else
        {
            _bySource[source] = left;
        }
    }
}
