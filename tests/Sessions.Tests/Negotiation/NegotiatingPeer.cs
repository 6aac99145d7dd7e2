using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Signaling;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Sessions.Tests;

/// <summary>A connection on loopback with its negotiation, whose signals a test carries by hand.</summary>
internal sealed class NegotiatingPeer : IAsyncDisposable
{
    private readonly List<IceSignal> _read = [];
    private string? _fragment;

    public NegotiatingPeer(PairRole role, SignalingDialect other = SignalingDialect.Own)
    {
        Connection = new IceConnection(Loopback with { Role = role == PairRole.Offer ? IceRole.Controlling : IceRole.Controlled });
        Negotiation = new PeerNegotiation(Connection, new SignalingPeer(1, "", other, role), DescriptionExamples.Fingerprint, 42);
    }

    public static IceOptions Loopback { get; } = new()
    {
        AllowsLoopback = true,
        InterfaceFilter = static entry => entry.Address.IsLoopback && entry.Address.Family == StunAddressFamily.IPv4,
        Tcp = IceTcpCandidates.None,
        RestartsWhenNetworkChanges = false,
    };

    public IceConnection Connection { get; }

    public PeerNegotiation Negotiation { get; }

    public string Fragment => Connection.LocalParameters.Credentials.UsernameFragment;

    /// <summary>Gives the negotiation all of the current session's local signals that it has not had.</summary>
    /// <returns>What it says then.</returns>
    public async Task<IReadOnlyList<PeerSignal>> GatherAsync()
    {
        if (_fragment != Fragment)
        {
            _fragment = Fragment;
            _read.Clear();
        }

        int known = _read.Count;
        int next = 0;
        await foreach (IceSignal signal in Connection.LocalSignals())
        {
            if (next++ >= known)
            {
                _read.Add(signal);
                Negotiation.HandleLocal(signal);
            }

            if (signal.Kind == IceSignalKind.EndOfCandidates)
            {
                break;
            }
        }

        return Drain();
    }

    /// <summary>Gives the negotiation what the peer says.</summary>
    /// <returns>What it says then.</returns>
    public IReadOnlyList<PeerSignal> Hear(params IEnumerable<PeerSignal> signals)
    {
        foreach (PeerSignal signal in signals)
        {
            Negotiation.HandleRemote(signal);
        }

        return Drain();
    }

    public IReadOnlyList<PeerSignal> Drain()
    {
        var said = new List<PeerSignal>();
        while (Negotiation.TryReadSignal(out PeerSignal? signal))
        {
            said.Add(signal);
        }

        return said;
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    public static DescriptionType[] Types(IEnumerable<PeerSignal> said) => [.. said.OfType<DescriptionSignal>().Select(static signal => signal.Description.Type)];

    public static PeerCandidate[] Candidates(IEnumerable<PeerSignal> said) => [.. said.OfType<CandidateSignal>().Select(static signal => signal.Candidate)];

    public static WebRtcDescription Description(IEnumerable<PeerSignal> said)
        => WebRtcDescription.TryRead(said.OfType<DescriptionSignal>().Single().Description.Sdp, out WebRtcDescription? description, out string? problem)
            ? description
            : throw new FormatException(problem);
}
