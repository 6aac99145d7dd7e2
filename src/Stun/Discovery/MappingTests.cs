using System;
using System.Collections.Generic;

namespace Stack.Stun;

/// <summary>
/// The tests of RFC 5780 section 4.3, all from one socket: test I to every server, then to the other address and port of the first server
/// that has them. Where no server has, the mapped addresses that several servers see are compared.
/// </summary>
internal sealed class MappingTests(NatDiscovery discovery, NatFindings findings, IReadOnlyList<TransportAddress> servers)
{
    private readonly NatProbe?[] _first = new NatProbe?[servers.Count];
    private readonly NatSocket _socket = discovery.OpenSocket();
    private Action<Instant> _ended = static _ => { };
    private NatProbe? _otherAddress;
    private NatProbe? _otherBoth;
    private NatProbe? _otherPort;
    private int _firstPending;
    private int _otherPending;

    /// <summary>The server that the other tests use; null where none answered.</summary>
    public TransportAddress? Server { get; private set; }

    /// <summary>Its other address and port; null where it has none that can be used.</summary>
    public TransportAddress? Other { get; private set; }

    /// <summary>Whether the server's other address has answered, so that its silence elsewhere means something.</summary>
    public bool OtherAddressLives => _otherBoth is { IsAnswered: true };

    /// <summary>Whether the server's other port on the same address has answered.</summary>
    public bool OtherPortLives => _otherPort is { IsAnswered: true };

    /// <summary>Why there is no other address.</summary>
    public string OtherNote { get; private set; } = "the server has no second address (RFC 5780 OTHER-ADDRESS, RFC 3489 CHANGED-ADDRESS)";

    public void Start(Action<Instant> ended)
    {
        _ended = ended;
        findings.First = _socket;
        _firstPending = servers.Count;
        for (int i = 0; i < servers.Count; i++)
        {
            _first[i] = Probe(servers.Count == 1 ? "mapping-1" : $"mapping-1.{i + 1}", servers[i], OnFirstEnded);
        }
    }

    /// <summary>An endpoint that a server tells us to send to must be one that a server can have.</summary>
    private static bool IsUsable(TransportAddress other, TransportAddress server)
        => other.Family == server.Family
            && other.Port != 0
            && other.IsUnicast
            && other.IsLoopback == server.IsLoopback
            && (!other.IsPrivate || server.IsPrivate || server.IsLoopback);

    private NatProbe Probe(string test, TransportAddress to, Action<NatProbe, Instant> ended)
    {
        var probe = new NatProbe { Test = test, Socket = _socket, To = to, Ended = ended };
        discovery.Send(probe);
        return probe;
    }

    private void OnFirstEnded(NatProbe probe, Instant now)
    {
        _firstPending--;
        if (Other is null && probe.IsAnswered && probe.Other is { } other)
        {
            TryUse(probe, other);
        }

        // A server that answers everything need not wait for a dead one.
        bool settled = _firstPending == 0 || Other is not null;
        if (settled && _otherBoth is null)
        {
            OnFirstsSettled(now);
        }
    }

    private void TryUse(NatProbe probe, TransportAddress other)
    {
        if (!IsUsable(other, probe.To))
        {
            OtherNote = "the server announces another address that cannot be reached from here";
        }
        else if (other.HasSameAddress(probe.To) || other.Port == probe.To.Port)
        {
            OtherNote = "the server's other address does not differ in both address and port";
        }
        else
        {
            Server = probe.To;
            Other = other;
        }
    }

    private void OnFirstsSettled(Instant now)
    {
        foreach (NatProbe? probe in _first)
        {
            if (Server is null && probe is { IsAnswered: true })
            {
                Server = probe.To;
            }
        }

        if (Server is null)
        {
            NoteNoServer();
            _ended(now);
        }
        else if (Other is not { } other)
        {
            CompareServers();
            _ended(now);
        }
        else
        {
            foreach (NatProbe? probe in _first)
            {
                if (probe is { IsAnswered: false })
                {
                    discovery.Abandon(probe, now);
                }
            }

            _otherPending = 3;
            _otherAddress = Probe("mapping-2", other.WithPort(Server.Value.Port), OnOtherEnded);
            _otherBoth = Probe("mapping-3", other, OnOtherEnded);
            _otherPort = Probe("mapping-4", Server.Value.WithPort(other.Port), OnOtherEnded);
        }
    }

    private void NoteNoServer()
    {
        bool silence = true;
        foreach (NatProbe? probe in _first)
        {
            silence &= probe!.Outcome is NatProbeOutcome.NoAnswer or NatProbeOutcome.Unreachable;
        }

        findings.UdpBlocked = silence;
        findings.MappingNote = silence ? "no server answered over UDP" : "no server gave a usable answer";
        findings.FilteringNote = findings.MappingNote;
    }

    private void OnOtherEnded(NatProbe probe, Instant now)
    {
        if (--_otherPending != 0)
        {
            return;
        }

        TransportAddress one = Array.Find(_first, p => p!.To == Server)!.Mapped!.Value;
        TransportAddress? two = _otherAddress!.Mapped;
        TransportAddress? three = _otherBoth!.Mapped;
        if (one == _socket.Local)
        {
            // Not translated: the effective mapping is endpoint-independent (RFC 5780 section 4.3).
            findings.Mapping = NatMapping.EndpointIndependent;
        }
        else if (two is null)
        {
            findings.MappingNote = "the server's other address did not answer";
            findings.MappingDepends = (three ?? one) != one || (_otherPort!.Mapped ?? one) != one;
        }
        else if (two == one)
        {
            findings.Mapping = NatMapping.EndpointIndependent;
        }
        else if (three is null)
        {
            findings.MappingNote = "it depends on the destination, but the server's other port did not answer";
            findings.MappingDepends = true;
        }
        else
        {
            findings.Mapping = three == two ? NatMapping.AddressDependent : NatMapping.AddressAndPortDependent;
        }

        _ended(now);
    }

    private void CompareServers()
    {
        NatProbe? reference = null;
        bool differentAddress = false;
        bool differs = false;
        foreach (NatProbe? probe in _first)
        {
            if (probe is not { IsAnswered: true })
            {
                continue;
            }

            reference ??= probe;
            differentAddress |= !probe.To.HasSameAddress(reference.To);
            differs |= probe.Mapped != reference.Mapped;
        }

        if (reference!.Mapped == _socket.Local && !differs)
        {
            findings.Mapping = NatMapping.EndpointIndependent;
        }
        else if (differs)
        {
            findings.MappingDepends = true;
            findings.MappingNote = "it depends on the destination; a server with a second address (RFC 5780) would tell whether on the port too";
        }
        else if (differentAddress)
        {
            findings.Mapping = NatMapping.EndpointIndependent;
        }
        else
        {
            findings.MappingNote = OtherNote;
        }
    }
}
