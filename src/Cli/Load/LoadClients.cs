using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Cli;

/// <summary>
/// The allocations of a run. Takes them through one step after the other - allocate, bind, refresh, release -, so many at a time, and keeps them alive.
/// </summary>
internal sealed class LoadClients : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(100);

    private readonly LoadTarget _target;
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly List<LoadClient> _clients = [];
    private readonly HashSet<LoadClient> _busy = [];
    private LatencyHistogram? _times;
    private ClientAllocationEventKind? _awaited;
    private long _progress;
    private int _done;
    private Instant _watchAt;

    public LoadClients(LoadTarget target, LoadLoop loop, int count)
    {
        _target = target;
        Loop = loop;
        Server = TransportAddress.FromIPEndPoint(target.Server);
        Options = new ClientAllocationOptions { Credential = target.Credential, Family = Server.Family == StunAddressFamily.IPv6 ? Server.Family : default };
        try
        {
            for (int i = 0; i < count; i++)
            {
                _clients.Add(new LoadClient(this, i, new IPEndPoint(target.Local, 0), _random));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LoadLoop Loop { get; }

    public TransportAddress Server { get; }

    public ClientAllocationOptions Options { get; }

    public byte[] RequestBuffer { get; } = new byte[ClientAllocation.MaxRequestSize];

    public int Count => _clients.Count;

    public LoadClient this[int index] => _clients[index];

    /// <summary>What the server has refused in the last step.</summary>
    public int Refused { get; private set; }

    /// <summary>The first refusal; null without one.</summary>
    public TurnException? Refusal { get; private set; }

    /// <summary>Allocations that have been lost.</summary>
    public int Lost { get; private set; }

    /// <summary>
    /// Takes all clients through a step. The first one goes alone, and where the server refuses it none follows: many wrong passwords would have the
    /// server fall silent.
    /// </summary>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="begin">Begins it for one.</param>
    /// <param name="awaited">The event that ends it; null for a refresh, which is none.</param>
    /// <param name="times">Where the time that each takes is noted; null for nowhere.</param>
    /// <param name="skip">Clients that are left out; null for none.</param>
    /// <returns>For how many it was done.</returns>
    /// <exception cref="CommandException">The server said nothing for the whole timeout.</exception>
    public int Step(
        int concurrency,
        Action<LoadClient> begin,
        ClientAllocationEventKind? awaited,
        LatencyHistogram? times = null,
        Func<LoadClient, bool>? skip = null)
    {
        _awaited = awaited;
        _times = times;
        _done = 0;
        Refused = 0;
        _progress = Loop.Time.GetTimestamp();
        int next = 0;
        while (next < _clients.Count || (_busy.Count != 0 && !Loop.IsInterrupted))
        {
            for (; next < _clients.Count && _busy.Count < (_done == 0 && !Loop.IsInterrupted ? 1 : concurrency); next++)
            {
                if (skip?.Invoke(_clients[next]) != true)
                {
                    _busy.Add(_clients[next]);
                    _clients[next].Begun = Loop.Time.GetTimestamp();
                    _clients[next].ExpiredBefore = _clients[next].Expires;
                    begin(_clients[next]);
                }
            }

            Loop.Turn(Pause);
            KeepAlive();
            if (_done == 0 && Refused != 0)
            {
                break;
            }

            if (Loop.IsInterrupted && _awaited != ClientAllocationEventKind.AllocationReleased)
            {
                break;
            }

            if (Loop.Time.GetElapsedTime(_progress) > _target.Timeout)
            {
                _busy.Clear();
                throw new CommandException(Failures.Timeout(SafeText.Of(_target.Name), _target.Timeout));
            }
        }

        _busy.Clear();
        return _done;
    }

    /// <summary>Throws what the server has refused, where it has.</summary>
    public void ThrowIfRefused()
    {
        if (Refused != 0 && Refusal is { } refusal)
        {
            throw new CommandException(Failures.From(refusal));
        }
    }

    /// <summary>Gives all allocations back; also after Ctrl-C, and without a complaint where the server has forgotten them.</summary>
    /// <returns>How many were released.</returns>
    public int ReleaseAll(int concurrency)
    {
        bool interrupted = Loop.IsInterrupted;
        try
        {
            return Step(
                interrupted ? int.MaxValue : concurrency,
                static client => client.Release(),
                ClientAllocationEventKind.AllocationReleased,
                skip: static client => !client.IsActive);
        }
        catch (CommandException)
        {
            return _done;
        }
    }

    /// <summary>Sends what is due: retransmissions, and refreshes of allocations, permissions and channels.</summary>
    public void KeepAlive()
    {
        Instant now = Loop.Now;
        if (now < _watchAt)
        {
            return;
        }

        _watchAt = now + Watch;
        foreach (LoadClient client in _clients)
        {
            client.HandleTimeout(now);
        }
    }

    public void OnEvent(LoadClient client, ClientAllocationEvent happened)
    {
        switch (happened.Kind)
        {
            case ClientAllocationEventKind.AllocationLost:
                Lost++;
                Note(client, happened, isDone: false);
                break;
            case ClientAllocationEventKind.AllocationRefused or ClientAllocationEventKind.PermissionRefused or ClientAllocationEventKind.ChannelRefused:
                Note(client, happened, isDone: false);
                break;
            case var kind when kind == _awaited:
                Note(client, happened, isDone: true);
                break;
        }
    }

    /// <summary>A request of a client has been answered. Refreshes are no event: the time that they have added tells.</summary>
    public void OnCompleted(LoadClient client)
    {
        if (_awaited is null && client.Expires > client.ExpiredBefore)
        {
            Note(client, default, isDone: true);
        }
    }

    public void Show(bool isSent, ReadOnlySpan<byte> message)
        => _target.Trace?.Invoke(new StunTrace(isSent, _target.Server, StunTransport.Udp, message.ToArray()));

    public void Dispose()
    {
        foreach (LoadClient client in _clients)
        {
            client.Dispose();
        }

        _random.Dispose();
    }

    private void Note(LoadClient client, ClientAllocationEvent happened, bool isDone)
    {
        if (!_busy.Remove(client))
        {
            return;
        }

        _progress = Loop.Time.GetTimestamp();
        if (isDone)
        {
            _done++;
            _times?.Record((long)Loop.Time.GetElapsedTime(client.Begun!.Value, _progress).TotalNanoseconds);
            return;
        }

        Refused++;
        if (happened.Failure is { } failure)
        {
            Refusal ??= TurnFailures.From(failure, "what a client asked for", _target.Server, StunTransport.Udp, _target.Credential is not null);
        }
    }
}
