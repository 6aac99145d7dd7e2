using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

public sealed partial class IceConnection
{
    private readonly List<IMdnsName> _localNames = [];
    private readonly Dictionary<TransportAddress, string> _nameOf = [];
    private long _refusedMessages;

    internal IMdnsNames? Names => _options.MdnsNames ?? MdnsSockets.Names;

    /// <summary>Runs what has to end before the connection is gone.</summary>
    internal void Run(Func<CancellationToken, Task> work)
    {
        if (!_stopping.IsCancellationRequested)
        {
            CancellationToken stopping = _stopping.Token;
            _tasks.Add(Task.Run(() => work(stopping)));
        }
    }

    internal void AddResolved(int stream, Candidate candidate) => AddCandidate(stream, candidate);

    // Under the driver's lock: a new session is to be told from its beginning.
    private void TellAnew()
    {
        string fragment = Driver.Agent.LocalParameters.Credentials.UsernameFragment;
        foreach (IceBase one in Driver.Bases.Values)
        {
            if (one is SharedBase shared)
            {
                shared.TryName(fragment);
            }
        }

        _signals.Restart(Driver.Agent.LocalParameters);
        for (int stream = 0; stream < _components.Length; stream++)
        {
            foreach (Candidate candidate in Driver.Agent.GetLocalCandidates(stream))
            {
                Tell(stream, candidate);
            }
        }

        if (_hasEnded)
        {
            Driver.Agent.EndLocalCandidates(Driver.Now);
            _signals.Add(IceSignal.EndOfCandidates(fragment));
        }

        _remoteNames.Clear();
        _remoteCandidates.Clear();
        Report(new IceConnectionEvent(IceConnectionEventKind.Restarted));
    }

    private void Tell(int stream, Candidate candidate)
    {
        Candidate? told = candidate;
        if (candidate.Type == CandidateType.Host && _options.Policy == IcePolicy.NamedHosts)
        {
            told = NameFor(candidate);
        }

        if (told is not null)
        {
            _signals.Add(IceSignal.FromCandidate(told, stream, Driver.Agent.LocalParameters.Credentials.UsernameFragment));
        }
    }

    private Candidate? NameFor(Candidate candidate)
    {
        TransportAddress address = candidate.Address.WithPort(0);
        if (!_nameOf.TryGetValue(address, out string? name))
        {
            if (Names?.Publish(address) is not { } published)
            {
                Warn(candidate.Address.ToString(), "no name for it on this link (mDNS); the peer is not told of it");
                return null;
            }

            _localNames.Add(published);
            name = _nameOf[address] = published.Name;
        }

        return candidate with { Address = default, HostName = name, HostPort = candidate.Address.Port };
    }

    private void Report(in IceConnectionEvent happened) => _events.Writer.TryWrite(happened);

    private void Warn(string subject, string reason)
    {
        var warning = new IceGatheringWarning(subject, reason);
        lock (_warningGate)
        {
            if (_warnings.Count >= MaxWarnings || _warnings.Contains(warning))
            {
                return;
            }

            _warnings.Add(warning);
        }

        IceMetrics.Warned();
        Report(new IceConnectionEvent(IceConnectionEventKind.GatheringWarning) { Warning = warning });
    }

    private void HandleEvent(in IceEvent happened)
    {
        switch (happened.Kind)
        {
            case IceEventKind.StateChanged:
                Report(new IceConnectionEvent(IceConnectionEventKind.StateChanged) { State = happened.State });
                TaskCompletionSource changed = _stateChanged;
                _stateChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed.SetResult();
                break;
            case IceEventKind.PathChanged:
                IceComponent component = _components[happened.Stream][happened.ComponentId - 1];
                component.Path = IcePath.Of(happened.Pair!);
                component.HadPath = true;
                ReportPath(IceConnectionEventKind.PathChanged, happened, component.Path);
                break;
            case IceEventKind.Selected:
                ReportPath(IceConnectionEventKind.PathSelected, happened, IcePath.Of(happened.Pair!));
                break;
            case IceEventKind.PathLost:
                _components[happened.Stream][happened.ComponentId - 1].Path = null;
                ReportPath(IceConnectionEventKind.PathLost, happened, null);
                break;
            case IceEventKind.RoleChanged:
                Report(new IceConnectionEvent(IceConnectionEventKind.RoleChanged) { Role = happened.Role });
                break;
            default:
                HandleWish(happened);
                break;
        }
    }

    private void ReportPath(IceConnectionEventKind kind, in IceEvent happened, IcePath? path) => Report(new IceConnectionEvent(kind)
    {
        Stream = happened.Stream,
        ComponentId = happened.ComponentId,
        Path = path,
    });

    // What the agent wants of a socket or an allocation.
    private void HandleWish(in IceEvent happened)
    {
        if (!Driver.Bases.TryGetValue(happened.BaseId, out IceBase? one))
        {
            return;
        }

        switch (happened.Kind)
        {
            case IceEventKind.PermissionWanted when one is RelayBase relay:
                relay.Relay.Permit(happened.Remote);
                break;
            case IceEventKind.ChannelWanted when one is RelayBase relay:
                relay.Relay.BindChannel(happened.Remote);
                break;
            case IceEventKind.ConnectionWanted when one is TcpBase tcp:
                tcp.Connect(happened.Remote);
                break;
            case IceEventKind.ConnectionUnwanted when one is TcpBase tcp:
                tcp.Disconnect(happened.Remote);
                break;
            case IceEventKind.BaseUnused when one.Probes is { } probes:
                probes.IsKeptAlive = false;
                break;
        }
    }

    // Not the connection itself, so that the interfaces are nobody else's.
    private sealed class Owner(IceConnection connection) : IIceDriverOwner, IGatheringSink
    {
        public IceDriver Driver => connection.Driver;

        public void HandleData(IceArrival arrival, ReadOnlySpan<byte> datagram)
            => connection._components[arrival.Stream][arrival.ComponentId - 1].Received.Enqueue(default, datagram);

        public void HandleEvent(in IceEvent happened) => connection.HandleEvent(happened);

        public void HandleReflexive(IceBase from, in ReflexiveOutcome outcome)
        {
            if (outcome.Problem is { } problem)
            {
                connection.Warn($"{outcome.Server} from {from.Local}", problem);
            }
            else
            {
                if (from is SharedBase shared)
                {
                    shared.Reflexive = outcome;
                }

                connection._gatherer.AddReflexive(from, outcome.Mapped, outcome.Server);
            }

            connection._gatherer.HandleReflexive();
        }

        public void HandleDisposition(IceDisposition disposition)
        {
            IceMetrics.Count(disposition);
            if (disposition == IceDisposition.Unauthenticated)
            {
                connection._refusedMessages++;
            }
        }

        public int NextBaseId() => Interlocked.Increment(ref connection._lastBaseId);

        public void AddCandidate(LocalCandidate candidate)
        {
            Candidate? told = Driver.Agent.AddLocalCandidate(candidate, Driver.Now);

            // RFC 8838 section 14: after the end nothing may be told in this session. The peer learns of the address from our checks.
            if (told is not null && !connection._hasEnded)
            {
                connection.Tell(candidate.Stream, told);
            }
        }

        public void Name(SharedBase shared)
        {
            if (!shared.TryName(Driver.Agent.LocalParameters.Credentials.UsernameFragment))
            {
                connection.Warn(shared.Local.ToString(), "another connection on this port has the same username fragment");
            }
        }

        public void Warn(string subject, string reason) => connection.Warn(subject, reason);

        public void HandleQuiet() => connection.Report(new IceConnectionEvent(IceConnectionEventKind.GatheringQuiet));

        public void HandleCompleted()
        {
            using (Driver.Enter())
            {
                if (Driver.IsDisposed)
                {
                    return;
                }

                connection._hasEnded = true;
                Driver.Agent.EndLocalCandidates(Driver.Now);
                connection._signals.Add(IceSignal.EndOfCandidates(Driver.Agent.LocalParameters.Credentials.UsernameFragment));
            }

            connection.Report(new IceConnectionEvent(IceConnectionEventKind.GatheringCompleted));
        }

        public void HandleNetworkChanged()
        {
            connection.Report(new IceConnectionEvent(IceConnectionEventKind.NetworkChanged));
            if (connection._options.RestartsWhenNetworkChanges && connection._signals.HasReaders)
            {
                // Over the limit of restarts there is one less; the next change comes to it.
                connection.TryRestart();
            }
        }

        public void HandleRelayLost(IceRelay relay, TurnException error)
        {
            connection.Warn(relay.Allocation.Server.ToString(), error.Message);
            connection._gatherer.HandleRelayLost(relay);
        }
    }
}
