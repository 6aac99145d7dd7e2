using System;
using System.Collections.Generic;
using Stack.Ice;

namespace Stack.Transport;

public sealed partial class IceConnection
{
    private readonly List<Candidate> _remoteCandidates = [];

    /// <summary>Takes what the peer tells, in the order that it told it. A signal of an old session is left out.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>
    /// What became of the candidate; of other signals, and of descriptions, <see cref="RemoteCandidateStatus.Added"/>. A candidate that is not added does
    /// not disturb the others.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The connection is disposed of.</exception>
    public RemoteCandidateStatus AddRemote(IceSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        Start();
        using IceDriver.Scope scope = Driver.Enter();
        ObjectDisposedException.ThrowIf(Driver.IsDisposed, this);
        if (signal.Parameters is { } parameters)
        {
            SetParameters(parameters);
        }
        else if (signal.UsernameFragment is { } fragment && IsOfOtherSession(fragment))
        {
            return RemoteCandidateStatus.WrongGeneration;
        }

        RemoteCandidateStatus status = RemoteCandidateStatus.Added;
        foreach (IceSignaledCandidate one in signal.Candidates)
        {
            status = AddCandidate(one.Stream, one.Candidate);
        }

        if (signal.Kind is IceSignalKind.EndOfCandidates or IceSignalKind.Description)
        {
            _remoteNames.End();
        }

        return signal.Kind == IceSignalKind.Candidate ? status : RemoteCandidateStatus.Added;
    }

    /// <summary>Takes what the peer tells as a line of JSON.</summary>
    /// <param name="json">One signal; see <see cref="IceSignal"/>.</param>
    /// <returns>As <see cref="AddRemote(IceSignal)"/>.</returns>
    /// <exception cref="FormatException">It is none; the connection is not affected.</exception>
    public RemoteCandidateStatus AddRemote(string json) => AddRemote(IceSignal.Parse(json));

    // Under the driver's lock, as what follows.
    private bool IsOfOtherSession(string fragment)
        => Driver.Agent.RemoteParameters is { } known ? known.Credentials.UsernameFragment != fragment : fragment == _endedFragment;

    private void SetParameters(IceParameters parameters)
    {
        IceCredentials before = Driver.Agent.LocalParameters.Credentials;
        _endedFragment = null;
        bool isNew = Driver.Agent.RemoteParameters?.Credentials.Equals(parameters.Credentials) != true;
        if (isNew && Driver.Agent.RemoteParameters is not null)
        {
            _remoteCandidates.Clear();
        }

        Driver.Agent.SetRemoteParameters(parameters, Driver.Now);
        if (!Driver.Agent.LocalParameters.Credentials.Equals(before))
        {
            TellAnew();
        }
    }

    private RemoteCandidateStatus AddCandidate(int stream, Candidate candidate)
    {
        if (candidate.HostName is { } name)
        {
            return _remoteNames.Resolve(name, stream, candidate);
        }

        RemoteCandidateStatus status = Driver.Agent.AddRemoteCandidate(stream, candidate, Driver.Now);
        if (status is RemoteCandidateStatus.Added or RemoteCandidateStatus.Queued or RemoteCandidateStatus.ReplacedPeerReflexive
            && _remoteCandidates.Count < _options.Limits.MaxCandidateMessages)
        {
            _remoteCandidates.Add(candidate);
        }

        if (status == RemoteCandidateStatus.ReplacedPeerReflexive)
        {
            RefreshPath(_components[stream][candidate.ComponentId - 1]);
        }

        return status;
    }

    // The way is the same one, so nothing is reported; but the peer's end is now what it was signaled as (RFC 8838 section 11).
    private void RefreshPath(IceComponent component)
    {
        if (component.Path is { } path && Driver.Agent.GetPath(path.Stream, path.ComponentId) is { } pair)
        {
            component.Path = IcePath.Of(pair);
        }
    }
}
