using System;
using System.Collections.Generic;

namespace Stack.Stun;

/// <summary>What the tests have found so far; becomes the <see cref="NatReport"/>.</summary>
internal sealed class NatFindings
{
    private const int ParitySamples = 4;

    private readonly List<NatEvidence> _evidence = [];
    private readonly List<TransportAddress> _externalAddresses = [];
    private readonly Dictionary<int, NatSocket> _mappedSockets = [];
    private bool? _genericAlg;

    public NatMapping Mapping { get; set; }

    public string? MappingNote { get; set; }

    /// <summary>Whether the mapping is known to depend on the destination, though not on what of it.</summary>
    public bool MappingDepends { get; set; }

    public NatFiltering Filtering { get; set; }

    public string? FilteringNote { get; set; }

    public bool? Hairpinning { get; set; }

    public TimeSpan? LifetimeAtLeast { get; set; }

    public TimeSpan? LifetimeBelow { get; set; }

    public string? LifetimeNote { get; set; }

    public bool UdpBlocked { get; set; }

    /// <summary>Whether an answer came only to a later request: the path loses packets.</summary>
    public bool SawLoss { get; private set; }

    public NatSocket? First { get; set; }

    public bool? Natted => First?.Mapped is { } mapped ? mapped != First.Local : null;

    private ClassicNatType Classic { get; set; }

    public void Note(NatProbe probe, NatEvidence evidence)
    {
        _evidence.Add(evidence);
        SawLoss |= probe.IsAnswered && evidence.Attempts > 1;
        if (probe.Mapped is not { } mapped || !probe.IsAnswered)
        {
            return;
        }

        // The mapped address of a response that was sent to another socket's port is the asking socket's.
        probe.Socket.Mapped ??= mapped;
        _mappedSockets.TryAdd(probe.Socket.Number, probe.Socket);
        TransportAddress address = mapped.WithPort(0);
        if (!_externalAddresses.Contains(address))
        {
            _externalAddresses.Add(address);
        }

        if (probe.MappedInTheClear is { } clear)
        {
            _genericAlg = _genericAlg == true || clear != mapped;
        }
    }

    public void NoteStopped(bool lifetimeWanted)
    {
        const string Stopped = "the time ran out before this was known";
        MappingNote ??= Mapping == NatMapping.Unknown ? Stopped : null;
        FilteringNote ??= Filtering == NatFiltering.Unknown ? Stopped : null;
        LifetimeNote ??= lifetimeWanted && LifetimeAtLeast is null ? Stopped : null;
        Classify();
    }

    public void Classify() => Classic = (Natted, Mapping, Filtering) switch
    {
        _ when UdpBlocked => ClassicNatType.UdpBlocked,
        (false, _, NatFiltering.EndpointIndependent) => ClassicNatType.OpenInternet,
        (false, _, NatFiltering.AddressDependent or NatFiltering.AddressAndPortDependent) => ClassicNatType.SymmetricFirewall,
        (true, NatMapping.EndpointIndependent, NatFiltering.EndpointIndependent) => ClassicNatType.FullCone,
        (true, NatMapping.EndpointIndependent, NatFiltering.AddressDependent) => ClassicNatType.RestrictedCone,
        (true, NatMapping.EndpointIndependent, NatFiltering.AddressAndPortDependent) => ClassicNatType.PortRestrictedCone,
        (true, NatMapping.AddressDependent or NatMapping.AddressAndPortDependent, _) => ClassicNatType.Symmetric,
        (true, _, _) when MappingDepends => ClassicNatType.Symmetric,
        _ => ClassicNatType.Unknown,
    };

    public NatReport ToReport()
    {
        int samples = 0;
        bool preserving = true;
        bool parity = true;
        foreach (NatSocket socket in _mappedSockets.Values)
        {
            if (socket.Mapped is { } mapped && !socket.Local.IsNone)
            {
                samples++;
                preserving &= mapped.Port == socket.Local.Port;
                parity &= (mapped.Port & 1) == (socket.Local.Port & 1);
            }
        }

        return new NatReport
        {
            Mapping = Mapping,
            MappingNote = MappingNote,
            Filtering = Filtering,
            FilteringNote = FilteringNote,
            Natted = Natted,
            Classic = Classic,
            Hairpinning = Hairpinning,
            PortPreserving = samples == 0 ? null : preserving,
            PortParity = samples == 0 ? null : !parity ? false : samples >= ParitySamples ? true : null,
            GenericAlg = _genericAlg,
            Local = First?.Mapped is null ? null : First.Local,
            Mapped = First?.Mapped,
            ExternalAddresses = [.. _externalAddresses],
            LifetimeAtLeast = LifetimeAtLeast,
            LifetimeBelow = LifetimeBelow,
            LifetimeNote = LifetimeNote,
            Evidence = [.. _evidence],
        };
    }
}
