using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>What a session has tried and heard, put into words when it fails.</summary>
internal sealed record IceExperience
{
    public required IReadOnlyList<Candidate> Local { get; init; }

    public required IReadOnlyList<Candidate> Remote { get; init; }

    public required IReadOnlyList<IcePairStatistics> Pairs { get; init; }

    public required IReadOnlyList<IceGatheringWarning> Warnings { get; init; }

    public required bool HasRemoteCredentials { get; init; }

    public required bool HasTurnServer { get; init; }

    public int UnresolvedNames { get; init; }

    public long RefusedMessages { get; init; }

    public IceException ToException(IceFailure failure)
    {
        var text = new StringBuilder();
        text.Append(failure switch
        {
            IceFailure.TimedOut => "No path to the peer in time.",
            IceFailure.WrongCredentials => "The peer refuses the credentials.",
            IceFailure.RoleConflict => "The peers could not settle their roles.",
            IceFailure.ConsentLost => "The peer does not answer any more.",
            IceFailure.NoLocalAddress => "There is no socket left to send from.",
            _ => "No path to the peer.",
        });
        text.Append(CultureInfo.InvariantCulture, $" Local candidates: {Count(Local)}. Remote candidates: {Count(Remote)}.");
        if (Pairs.Count != 0)
        {
            int sent = Pairs.Sum(static pair => pair.RequestsSent);
            text.Append(CultureInfo.InvariantCulture, $" {Pairs.Count} pairs tried with {sent} checks, {Pairs.Sum(static pair => pair.ResponsesReceived)} answers;");
            text.Append(CultureInfo.InvariantCulture, $" {Pairs.Sum(static pair => pair.RequestsReceived)} checks of the peer heard.");
        }

        if (RefusedMessages != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" {RefusedMessages} messages came with wrong credentials.");
        }

        foreach (IceGatheringWarning warning in Warnings.Take(4))
        {
            text.Append(CultureInfo.InvariantCulture, $" {warning}.");
        }

        return new IceException(failure, text.ToString(), Advise(failure));
    }

    private static string Count(IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count == 0)
        {
            return "none";
        }

        IEnumerable<string> parts = candidates
            .GroupBy(static candidate => (candidate.Type, candidate.Transport))
            .OrderBy(static group => group.Key)
            .Select(static group => $"{group.Count()} {group.Key.Type switch
            {
                CandidateType.Host => "host",
                CandidateType.ServerReflexive => "server-reflexive",
                CandidateType.PeerReflexive => "peer-reflexive",
                _ => "relayed",
            }}{(group.Key.Transport == CandidateTransport.Tcp ? " (TCP)" : "")}");
        return string.Join(", ", parts);
    }

    private string Advise(IceFailure failure)
    {
        if (failure == IceFailure.WrongCredentials)
        {
            return "The peer has other credentials than it told, or talks to another session; exchange the signals anew, in order.";
        }

        if (failure == IceFailure.ConsentLost)
        {
            return $"The network or the peer has gone; {nameof(IceConnection.RestartAsync)} finds a new path where there is one.";
        }

        if (!HasRemoteCredentials)
        {
            return "The peer's credentials never came: check the signaling.";
        }

        if (Remote.Count == 0)
        {
            return UnresolvedNames == 0
                ? "The peer told no usable candidate: check its servers and the signaling."
                : "The peer told names alone (.local) that are not known on this link: it needs a STUN or TURN server.";
        }

        bool heard = Pairs.Any(static pair => pair.RequestsReceived != 0);
        bool hasRelay = Local.Concat(Remote).Any(static candidate => candidate.Type == CandidateType.Relayed);
        return (hasRelay, HasTurnServer, heard) switch
        {
            (false, false, _) => "Both networks seem to block direct paths; a TURN server gets through, over TLS on port 443 where UDP is blocked.",
            (false, true, _) => "The TURN server gave no relayed address; the warnings say why. Try it over TCP or TLS.",
            (true, _, false) => "Nothing of the peer was heard, not even through the relay: it may not have our candidates, or be gone.",
            _ => "The peer was heard and did not hear us: a firewall on one side drops what comes back.",
        };
    }
}
