using System;

namespace Stack.Stun;

/// <summary>
/// The tests of RFC 5780 section 4.4, each from a fresh socket that has sent to nobody but the server's primary endpoint. Silence is believed
/// only where the endpoint that should have answered has answered before, and where the same socket still gets answers afterwards.
/// </summary>
internal sealed class FilteringTests(NatDiscovery discovery, NatFindings findings, MappingTests mapping)
{
    private Action<Instant> _ended = static _ => { };
    private NatProbe? _both;
    private NatProbe? _port;
    private NatProbe? _bothControl;
    private NatProbe? _portControl;
    private int _pending;
    private bool _repeated;

    public bool IsCompleted { get; private set; }

    public void Start(Action<Instant> ended)
    {
        _ended = ended;
        if (mapping.Other is not { } other)
        {
            findings.FilteringNote = mapping.OtherNote;
            IsCompleted = true;
            return;
        }

        _pending = 2;
        _both = Probe("filtering-2", ChangeRequestFlags.ChangeIP | ChangeRequestFlags.ChangePort, other);
        _port = Probe("filtering-3", ChangeRequestFlags.ChangePort, mapping.Server!.Value.WithPort(other.Port));
    }

    private NatProbe Probe(string test, ChangeRequestFlags flags, TransportAddress expectedSource)
    {
        var probe = new NatProbe
        {
            Test = test,
            Socket = discovery.OpenSocket(),
            To = mapping.Server!.Value,
            ChangeRequest = flags,
            ExpectedSource = expectedSource,
            Ended = OnProbeEnded,
        };
        discovery.Send(probe);
        return probe;
    }

    private void OnProbeEnded(NatProbe probe, Instant now)
    {
        _pending--;
        if (_both!.IsAnswered)
        {
            // Everybody gets in; what the other probe says changes nothing.
            if (probe == _both && _pending != 0)
            {
                discovery.Abandon(_port!, now);
            }

            Conclude(NatFiltering.EndpointIndependent, null, now);
            return;
        }

        if (_pending == 0 && _repeated)
        {
            Judge(now);
        }
        else if (_pending == 0)
        {
            StartControls();
        }
    }

    // The answers from the primary endpoint tell silence of the NAT from silence of the network.
    private void StartControls()
    {
        _pending = 2;
        _bothControl = Control("filtering-2-control", _both!);
        _portControl = Control("filtering-3-control", _port!);
    }

    private NatProbe Control(string test, NatProbe silent)
    {
        var probe = new NatProbe { Test = test, Socket = silent.Socket, To = silent.To, Ended = OnControlEnded };
        discovery.Send(probe);
        return probe;
    }

    private void OnControlEnded(NatProbe probe, Instant now)
    {
        if (--_pending != 0)
        {
            return;
        }

        if (findings.SawLoss && Doubt() is null)
        {
            Repeat();
        }
        else
        {
            Judge(now);
        }
    }

    // On a path that loses packets, all requests of a probe can be lost: what was silent is asked a second time, from fresh sockets.
    private void Repeat()
    {
        _repeated = true;
        _pending = _port!.IsAnswered ? 1 : 2;
        _both = Again(_both!);
        _port = _port.IsAnswered ? _port : Again(_port);
    }

    private NatProbe Again(NatProbe silent) => Probe($"{silent.Test}-again", silent.ChangeRequest!.Value, silent.ExpectedSource!.Value);

    private void Judge(Instant now)
    {
        string? doubt = Doubt();
        NatFiltering silence = _port!.IsAnswered ? NatFiltering.AddressDependent : NatFiltering.AddressAndPortDependent;
        Conclude(doubt is null ? silence : NatFiltering.Unknown, doubt, now);
    }

    private string? Doubt()
    {
        foreach (NatProbe probe in (ReadOnlySpan<NatProbe>)[_both!, _port!])
        {
            switch (probe.Outcome)
            {
                case NatProbeOutcome.Refused:
                    return $"the server refuses CHANGE-REQUEST ({(int)probe.ErrorCode!.Value})";
                case NatProbeOutcome.WrongSource:
                    return "the server answers CHANGE-REQUEST from its primary address, so it does not do what it was asked";
                case NatProbeOutcome.Unusable:
                    return "the server's answer to CHANGE-REQUEST cannot be used";
            }
        }

        if (!mapping.OtherAddressLives)
        {
            return "the server's other address never answered, so its silence says nothing";
        }

        if (!_port!.IsAnswered && !mapping.OtherPortLives)
        {
            return "the server's other port never answered, so its silence says nothing";
        }

        return _bothControl!.IsAnswered && _portControl!.IsAnswered
            ? null
            : "the server stopped answering during the test";
    }

    private void Conclude(NatFiltering filtering, string? note, Instant now)
    {
        if (IsCompleted)
        {
            return;
        }

        findings.Filtering = filtering;
        findings.FilteringNote = note;
        IsCompleted = true;
        _ended(now);
    }
}
