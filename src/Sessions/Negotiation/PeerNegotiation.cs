using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Stack.Ice;
using Stack.Signaling;
using Stack.Transport;

namespace Stack.Sessions;

/// <summary>
/// Offers, answers and candidates between one connection and its peer (RFC 8829, RFC 8840): who offers, what happens where offers cross, and what waits for
/// what. It does no IO of its own; one loop owns it. After each call drain <see cref="TryReadSignal"/>.
/// </summary>
internal sealed class PeerNegotiation
{
    /// <summary>Candidates that wait for the description they belong to, and candidates of our own of one session.</summary>
    public const int MaxWaiting = 100;

    private readonly IceConnection _connection;
    private readonly string _fingerprint;
    private readonly string _originId;
    private readonly SignalingDialect? _dialect;
    private readonly Queue<PeerSignal> _signals = new();
    private readonly List<IceSignal> _own = [];
    private readonly List<PeerCandidate> _early = [];
    private PairRole _role;
    private IceCredentials? _generation;
    private IceCredentials? _told;
    private WebRtcDescription? _remote;
    private PeerDescription? _lastDescription;
    private bool _offered;
    private int _version;
    private string? _mid;
    private int _lineIndex;

    /// <summary>Begins with nothing told.</summary>
    /// <param name="connection">The connection; stays the caller's.</param>
    /// <param name="peer">The peer and our role towards it.</param>
    /// <param name="fingerprint">What descriptions carry, see <see cref="SessionCertificate"/>.</param>
    /// <param name="originId">The number that names our descriptions in the <c>o=</c> line.</param>
    public PeerNegotiation(IceConnection connection, SignalingPeer peer, string fingerprint, ulong originId)
    {
        _connection = connection;
        _fingerprint = fingerprint;
        _originId = originId.ToString(CultureInfo.InvariantCulture);
        _dialect = peer.Dialect;
        _role = peer.Role;
    }

    /// <summary>The peer's description that counts; null before the first one.</summary>
    public WebRtcDescription? Remote => _remote;

    /// <summary>What was wrong with the last description of the peer, for people; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a restart of our own can be told: others than our own kind drop the connection at a second offer, or never see it.</summary>
    public bool CanRestart => _dialect == SignalingDialect.Own;

    /// <summary>
    /// Whether our offer stands where two cross: we are the one who was to offer, and the peer can take its own back. Other software cannot, so that its
    /// offer stands.
    /// </summary>
    private bool Stands => _role == PairRole.Offer && _dialect is SignalingDialect.Own or SignalingDialect.Villas;

    // Peers whose software fails at an empty candidate are not told the end.
    private bool TellsEnd => _dialect is not (SignalingDialect.Villas or SignalingDialect.LibDataChannel);

    /// <summary>The server has changed our role.</summary>
    public void SetRole(PairRole role)
    {
        _role = role;
        if (role == PairRole.Offer && _told is null && _generation is not null)
        {
            Offer();
        }
    }

    /// <summary>Something of <see cref="IceConnection.LocalSignals"/>.</summary>
    public void HandleLocal(IceSignal signal)
    {
        if (signal.Parameters is { } parameters)
        {
            // What is read of a session that there is no more is no news.
            if (!parameters.Credentials.Equals(_connection.LocalParameters.Credentials))
            {
                return;
            }

            Begin(parameters.Credentials);
            bool mayOffer = _remote is null ? _role == PairRole.Offer : CanRestart;
            if (!parameters.Credentials.Equals(_told) && mayOffer)
            {
                Offer();
            }
        }
        else if (signal.UsernameFragment == _generation?.UsernameFragment && _own.Count < MaxWaiting)
        {
            _own.Add(signal);
            if (_generation is not null && _generation.Equals(_told))
            {
                Tell(signal);
            }
        }
    }

    /// <summary>Something that the peer says.</summary>
    public void HandleRemote(PeerSignal signal)
    {
        switch (signal)
        {
            case DescriptionSignal { Description: { Type: DescriptionType.Offer } offer }:
                HandleOffer(offer.Sdp);
                break;
            case DescriptionSignal { Description: { Type: DescriptionType.Answer or DescriptionType.PrAnswer } answer }:
                HandleAnswer(answer);
                break;
            case CandidateSignal { Candidate: { } candidate }:
                HandleCandidate(candidate);
                break;
            default:
                // A rollback takes back an offer that has been answered, and a further one follows; the rest is not for us.
                break;
        }
    }

    /// <summary>Says again what the peer may have missed. It harms nobody who has not.</summary>
    public void Repeat()
    {
        if (_lastDescription is not { } description)
        {
            return;
        }

        if (_offered || description.Type == DescriptionType.Answer)
        {
            _signals.Enqueue(new DescriptionSignal(description));
        }

        TellAll();
    }

    /// <summary>The next thing to tell the peer.</summary>
    public bool TryReadSignal([NotNullWhen(true)] out PeerSignal? signal) => _signals.TryDequeue(out signal);

    // Credentials that are new begin a session; candidates of the one before mean nothing any more.
    private void Begin(IceCredentials credentials)
    {
        if (!credentials.Equals(_generation))
        {
            _generation = credentials;
            _own.Clear();
        }
    }

    private void Offer()
    {
        WebRtcDescription offer = WebRtcDescription.CreateOffer(_connection.LocalParameters, _fingerprint, NextOrigin());
        _offered = true;
        Describe(DescriptionType.Offer, offer);
    }

    private void HandleOffer(string sdp)
    {
        if (!TryRead(sdp, out WebRtcDescription? offer) || (_offered && Stands))
        {
            return;
        }

        _offered = false;
        Apply(offer);
        IceParameters own = _connection.LocalParameters;
        Begin(own.Credentials);
        Describe(DescriptionType.Answer, offer.CreateAnswer(own, _fingerprint, NextOrigin()));
    }

    private void HandleAnswer(PeerDescription answer)
    {
        // One to an offer that was taken back, or to none.
        if (_offered && TryRead(answer.Sdp, out WebRtcDescription? description))
        {
            _offered = answer.Type == DescriptionType.PrAnswer;
            Apply(description);
        }
    }

    private void HandleCandidate(PeerCandidate candidate)
    {
        Candidate? parsed = null;
        if (!candidate.IsEnd && !CandidateAttribute.TryParse(candidate.Line, out parsed))
        {
            return;
        }

        string? fragment = candidate.UsernameFragment ?? parsed?.UsernameFragment;
        if (_remote is null || (fragment is not null && fragment != _remote.Parameters.Credentials.UsernameFragment))
        {
            if (_early.Count == MaxWaiting)
            {
                _early.RemoveAt(0);
            }

            _early.Add(candidate with { UsernameFragment = fragment });
        }
        else
        {
            Add(candidate, parsed);
        }
    }

    private void Apply(WebRtcDescription remote)
    {
        _remote = remote;
        string fragment = remote.Parameters.Credentials.UsernameFragment;
        _connection.AddRemote(IceSignal.FromParameters(remote.Parameters));
        foreach (Candidate candidate in remote.Candidates)
        {
            _connection.AddRemote(IceSignal.FromCandidate(candidate, 0, fragment));
        }

        PeerCandidate[] waiting = [.. _early];
        _early.Clear();
        foreach (PeerCandidate candidate in waiting)
        {
            HandleCandidate(candidate);
        }

        if (remote.EndsCandidates)
        {
            _connection.AddRemote(IceSignal.EndOfCandidates(fragment));
        }
    }

    private void Add(PeerCandidate candidate, Candidate? parsed)
    {
        if (!_remote!.Covers(candidate.Mid, candidate.LineIndex))
        {
            return;
        }

        string fragment = _remote.Parameters.Credentials.UsernameFragment;
        _connection.AddRemote(parsed is null ? IceSignal.EndOfCandidates(fragment) : IceSignal.FromCandidate(parsed, 0, fragment));
    }

    private void Describe(DescriptionType type, WebRtcDescription description)
    {
        if (!description.TryFormat(out string? text))
        {
            Problem = "the answer to it would be longer than 64 KiB";
            return;
        }

        _told = _generation = description.Parameters.Credentials;
        _mid = description.Mid;
        _lineIndex = description.LineIndex;
        _lastDescription = new PeerDescription(type, text);
        _signals.Enqueue(new DescriptionSignal(_lastDescription));
        TellAll();
    }

    // All of them with every description: a peer that has taken its offer back has thrown away what it had heard.
    private void TellAll()
    {
        foreach (IceSignal signal in _own)
        {
            Tell(signal);
        }
    }

    private void Tell(IceSignal signal)
    {
        string? line = signal.Kind switch
        {
            IceSignalKind.Candidate => CandidateAttribute.Format(signal.Candidates[0].Candidate),
            IceSignalKind.EndOfCandidates when TellsEnd => "",
            _ => null,
        };
        if (line is not null)
        {
            _signals.Enqueue(new CandidateSignal(new PeerCandidate(line, _mid, _lineIndex, signal.UsernameFragment)));
        }
    }

    private bool TryRead(string sdp, [NotNullWhen(true)] out WebRtcDescription? description)
    {
        bool isRead = WebRtcDescription.TryRead(sdp, out description, out string? problem);
        Problem = problem;
        return isRead;
    }

    private string NextOrigin() => string.Create(CultureInfo.InvariantCulture, $"- {_originId} {++_version} IN IP4 127.0.0.1");
}
