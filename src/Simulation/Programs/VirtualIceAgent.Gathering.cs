using System;
using System.Collections.Generic;
using Stack.Ice;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Simulation;

/// <content>Gathering (RFC 8445 section 5.1.1), and interfaces that come and go.</content>
public sealed partial class VirtualIceAgent
{
    private readonly TransactionTable _transactions;
    private readonly Dictionary<RequestTransaction, (UdpBase Base, TransportAddress Server)> _asked = [];
    private readonly List<TransportAddress> _gatheredFrom = [];
    private int _nextBase;
    private bool _gathers;
    private bool _gathered;

    internal void HandleAllocated(RelayBase relay)
    {
        AllocationGrant grant = relay.Allocation.Grant!;
        Add(relay, new LocalCandidate
        {
            Stream = relay.Stream,
            ComponentId = relay.Component,
            Type = CandidateType.Relayed,
            BaseId = relay.Id,
            Address = grant.Relayed,
            Base = grant.Relayed,
            RelatedAddress = grant.Mapped,
            Server = relay.Server.Address,
            LocalPreference = PreferenceOf(relay.Interface),
        });
        Drain();
    }

    internal void HandleAllocationLost(RelayBase relay)
    {
        Agent.RemoveBase(relay.Id, Host.Now);
        Drain();
    }

    private void Gather()
    {
        _gathers = true;
        foreach (VirtualInterface candidate in Host.Interfaces)
        {
            if (!candidate.IsUp)
            {
                continue;
            }

            foreach (TransportAddress address in candidate.Addresses)
            {
                if (!_gatheredFrom.Contains(address) && !address.IsLoopback && _options.AcceptsLocal?.Invoke(address) != false)
                {
                    _gatheredFrom.Add(address);
                    GatherFrom(address);
                }
            }
        }

        Drain();
    }

    private void GatherFrom(TransportAddress address)
    {
        for (int stream = 0; stream < _options.Agent.Streams.Count; stream++)
        {
            for (int component = 1; component <= _options.Agent.Streams[stream]; component++)
            {
                if (_options.UsesHosts && _options.UsesUdp)
                {
                    GatherUdp(address, stream, component);
                }

                if (_options.UsesHosts && _options.Tcp != VirtualTcpCandidates.None)
                {
                    GatherTcp(address, stream, component);
                }

                GatherRelays(address, stream, component);
            }
        }
    }

    private void GatherUdp(TransportAddress address, int stream, int component)
    {
        var added = new UdpBase(this, _nextBase++, stream, component, address);
        _bases.Add(added.Id, added);
        Add(added, new LocalCandidate
        {
            Stream = stream,
            ComponentId = component,
            Type = CandidateType.Host,
            BaseId = added.Id,
            Address = added.Local,
            Base = added.Local,
            LocalPreference = PreferenceOf(address),
        });
        foreach (TransportAddress server in _options.StunServers)
        {
            if (server.Family == address.Family)
            {
                Ask(added, server);
            }
        }
    }

    private void GatherTcp(TransportAddress address, int stream, int component)
    {
        foreach (TcpCandidateType type in (ReadOnlySpan<TcpCandidateType>)[TcpCandidateType.Active, TcpCandidateType.Passive, TcpCandidateType.SimultaneousOpen])
        {
            VirtualTcpCandidates least = type switch
            {
                TcpCandidateType.Active => VirtualTcpCandidates.Active,
                TcpCandidateType.Passive => VirtualTcpCandidates.ActiveAndPassive,
                _ => VirtualTcpCandidates.All,
            };
            if (_options.Tcp < least)
            {
                continue;
            }

            var added = new TcpBase(this, _nextBase++, stream, component, address, type);
            _bases.Add(added.Id, added);
            Add(added, new LocalCandidate
            {
                Stream = stream,
                ComponentId = component,
                Type = CandidateType.Host,
                Transport = CandidateTransport.Tcp,
                TcpType = type,
                BaseId = added.Id,
                Address = added.Local,
                Base = added.Local,
                LocalPreference = TcpPreference(type, PreferenceOf(address)),
            });
        }
    }

    private void GatherRelays(TransportAddress address, int stream, int component)
    {
        foreach (VirtualTurnAddress server in _options.TurnServers)
        {
            if (server.Address.Family == address.Family)
            {
                var relay = new RelayBase(this, _nextBase++, stream, component, address, server, _options.AllocationOptions(server));
                _bases.Add(relay.Id, relay);
                relay.Allocate();
            }
        }
    }

    /// <summary>RFC 6544 section 4.2: the direction in the upper three bits, the rest below; active above passive above simultaneous-open for hosts.</summary>
    private static int TcpPreference(TcpCandidateType type, int other)
    {
        int direction = type switch
        {
            TcpCandidateType.Active => 6,
            TcpCandidateType.Passive => 4,
            _ => 2,
        };
        return (direction << 13) | (other & 0x1FFF);
    }

    // In the order in which addresses were found.
    private int PreferenceOf(TransportAddress address) => 65535 - Math.Max(0, _gatheredFrom.IndexOf(address.WithPort(0)));

    private void Add(IceBase from, LocalCandidate candidate)
    {
        if (Agent.AddLocalCandidate(candidate, Host.Now) is { } signaled)
        {
            Signaled?.Invoke(new VirtualSignal { Stream = from.Stream, Candidate = signaled });
        }
    }

    private void Ask(UdpBase from, TransportAddress server)
    {
        Span<byte> buffer = stackalloc byte[StunMessage.HeaderSize];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, TransactionId.Create(Host.Random));
        var request = new TransactionRequest { Message = writer.Written, Destination = server };
        if (_transactions.TryStart(request, Host.Now, out RequestTransaction? transaction))
        {
            _asked.Add(transaction, (from, server));
        }
    }

    private bool TakeGatheringResponse(ReadOnlySpan<byte> payload, TransportAddress source)
    {
        if (_transactions.HandleDatagram(payload, source, Host.Now) is not (DatagramDisposition.Completed or DatagramDisposition.Ignored))
        {
            return false;
        }

        Drain();
        return true;
    }

    /// <summary>Sends what is to be asked, takes what was answered, and notices the end.</summary>
    private void SettleGathering()
    {
        while (_transactions.TryReadCompleted(out RequestTransaction? transaction))
        {
            if (_asked.Remove(transaction, out (UdpBase Base, TransportAddress Server) asked) && transaction.Outcome == TransactionOutcome.Success)
            {
                AddReflexive(asked.Base, asked.Server, transaction);
                _again = true;
            }
        }

        // Every request asks from one base, and the table says where to alone: the oldest that has not been sent is the one.
        Span<byte> buffer = stackalloc byte[64];
        while (_transactions.TryReadTransmit(buffer, Host.Now, out StunTransmit transmit))
        {
            StunMessage.Decode(buffer[..transmit.Length], out StunMessage message);
            foreach ((RequestTransaction transaction, (UdpBase from, _)) in _asked)
            {
                if (transaction.Id == message.TransactionId)
                {
                    from.Send(transmit.Destination, buffer[..transmit.Length], isCheck: false);
                    break;
                }
            }
        }

        if (!_gathered && _asked.Count == 0 && _gatheredFrom.Count != 0 && AreRelaysSettled())
        {
            _gathered = true;
            Agent.EndLocalCandidates(Host.Now);
            Signaled?.Invoke(new VirtualSignal());
            _again = true;
        }
    }

    private bool AreRelaysSettled()
    {
        foreach (IceBase one in _bases.Values)
        {
            if (one is RelayBase { IsSettled: false })
            {
                return false;
            }
        }

        return true;
    }

    private void AddReflexive(UdpBase from, TransportAddress server, RequestTransaction transaction)
    {
        StunMessage.Decode(transaction.Response.Span, out StunMessage response);
        if (response.ReadXorMappedAddress(out TransportAddress mapped) == StunAttributeStatus.Present && mapped.Family == from.Local.Family && _bases.ContainsKey(from.Id))
        {
            Add(from, new LocalCandidate
            {
                Stream = from.Stream,
                ComponentId = from.Component,
                Type = CandidateType.ServerReflexive,
                BaseId = from.Id,
                Address = mapped,
                Base = from.Local,
                RelatedAddress = from.Local,
                Server = server,
                LocalPreference = PreferenceOf(from.Interface),
            });
        }
    }

    private void OnInterfaceChanged(object? sender, InterfaceChangedEventArgs changed)
    {
        if (!_gathers)
        {
            return;
        }

        var gone = new List<IceBase>();
        foreach (IceBase one in _bases.Values)
        {
            if (Host.FindInterface(one.Interface) is not { IsUp: true })
            {
                gone.Add(one);
            }
        }

        foreach (IceBase one in gone)
        {
            _bases.Remove(one.Id);
            _gatheredFrom.Remove(one.Interface);
            Agent.RemoveBase(one.Id, Host.Now);
            one.Dispose();
        }

        Gather();
    }
}
