using System;
using System.Collections.Generic;
using System.Text;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>
/// One ICE session between two restarts: a generation of credentials with its checklists (RFC 8445 section 6.1.2). The agent has one, and another while
/// a restart has not come to its end.
/// </summary>
internal sealed partial class CheckSession : IDisposable
{
    private static readonly TimeSpan DefaultPacing = TimeSpan.FromMilliseconds(50);

    private readonly AgentContext _context;
    private readonly byte[] _localFragment;
    private readonly Dictionary<TransactionId, CheckTransaction> _transactions = [];
    private readonly Queue<PendingRequest> _requests = new();
    private byte[] _username = [];
    private int _nextChecklist;
    private int _peerReflexiveFoundations;
    private Instant? _patienceEnds;
    private Instant _swept;

    public CheckSession(AgentContext context, IceCredentials local)
    {
        _context = context;
        Local = local;
        LocalKey = CreateKey(local);
        _localFragment = Encoding.ASCII.GetBytes(local.UsernameFragment);
        Checklists = new Checklist[context.Options.Streams.Count];
        for (int i = 0; i < Checklists.Length; i++)
        {
            Checklists[i] = new Checklist(i, context.Options.Streams[i]);
        }
    }

    public IceCredentials Local { get; }

    public IntegrityKey LocalKey { get; }

    public IceParameters? Remote { get; private set; }

    public IntegrityKey? RemoteKey { get; private set; }

    public Checklist[] Checklists { get; }

    public bool LocalEnded { get; private set; }

    public bool RemoteEnded { get; private set; }

    /// <summary>Whether the peer has refused our credentials, for the reason of a failure; such refusals are not authenticated.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Whether a check has come with the credentials of both sides: the peer has this session too.</summary>
    public bool IsKnownToPeer { get; private set; }

    public int CandidateMessages { get; set; }

    /// <summary>When every checklist had a selected pair for every component.</summary>
    public Instant? CompletedAt { get; private set; }

    private IceStrategy Strategy => _context.Strategy;

    private bool IsControlling => _context.Roles.IsControlling;

    private TimeSpan Ta => _context.Budget.Ta;

    /// <summary>Checks can begin: the peer's parameters are known.</summary>
    public void Begin(IceParameters remote, Instant now)
    {
        Remote = remote;
        RemoteKey?.Dispose();
        RemoteKey = CreateKey(remote.Credentials);
        _username = CheckMessages.GetUsername(remote.Credentials, Local);
        _patienceEnds = now + _context.Options.Patience;
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                component.Started = now;
            }
        }

        SettleRole(remote);
        SetPacing(remote);
    }

    /// <summary>Whether data of some component can go over this session.</summary>
    public bool HasPath
    {
        get
        {
            foreach (Checklist checklist in Checklists)
            {
                foreach (ComponentChecks component in checklist.Components)
                {
                    if (component.Path is not null)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    public bool IsRemoteCandidate(LocalBase localBase, TransportAddress source) => IndexOf(GetComponent(localBase).Remotes, source, localBase.Transport) >= 0;

    public void UpdateRemote(IceParameters remote) => Remote = remote;

    public void EndLocal()
    {
        LocalEnded = true;
        NoteEnds();
    }

    public void EndRemote()
    {
        RemoteEnded = true;
        NoteEnds();
    }

    /// <summary>Whether a USERNAME names this session: our fragment, one colon, the peer's (RFC 8445 section 7.3).</summary>
    public bool IsNamedBy(ReadOnlySpan<byte> username, out ReadOnlySpan<byte> remoteFragment)
    {
        remoteFragment = default;
        int colon = username.IndexOf((byte)':');
        if (colon < 0 || !username[..colon].SequenceEqual(_localFragment))
        {
            return false;
        }

        remoteFragment = username[(colon + 1)..];
        return !remoteFragment.Contains((byte)':');
    }

    /// <summary>Whether a fragment is the peer's of this session. Compares without allocating.</summary>
    public bool IsRemoteFragment(ReadOnlySpan<byte> fragment)
        => Remote is { } remote && Ascii.Equals(fragment, remote.Credentials.UsernameFragment);

    public void Dispose()
    {
        LocalKey.Dispose();
        RemoteKey?.Dispose();
    }

    private static IntegrityKey CreateKey(IceCredentials credentials)
    {
        byte[] password = Encoding.ASCII.GetBytes(credentials.Password);
        return new IntegrityKey(password);
    }

    /// <summary>RFC 8445 section 6.1.1: of a full and a lite agent the full one controls.</summary>
    private void SettleRole(IceParameters remote)
    {
        IceRole role = remote.IsLite ? IceRole.Controlling : IceRole.Controlled;
        if (remote.IsLite != _context.Options.IsLite && _context.Roles.Role != role)
        {
            _context.Roles.Settle(role);
            _context.Events.Enqueue(new IceEvent { Kind = IceEventKind.RoleChanged, Role = role });
        }
    }

    /// <summary>RFC 8445 section 14.2: the higher of both proposals, where none counts as 50 ms.</summary>
    private void SetPacing(IceParameters remote)
    {
        TimeSpan ours = Strategy.ProposedPacing ?? DefaultPacing;
        TimeSpan theirs = remote.Pacing ?? DefaultPacing;
        TimeSpan ta = ours > theirs ? ours : theirs;
        _context.Budget.Ta = ta < CheckPacer.Spacing ? CheckPacer.Spacing : ta;
    }

    private void NoteEnds()
    {
        foreach (Checklist checklist in Checklists)
        {
            foreach (ComponentChecks component in checklist.Components)
            {
                component.CandidatesEnded = LocalEnded && RemoteEnded;
            }
        }
    }
}
