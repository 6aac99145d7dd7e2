using System;
using System.Collections.Generic;

namespace Stack.Stun;

/// <summary>
/// Binding lifetime discovery (RFC 5780 section 4.6): a socket makes a binding and stays idle for a time; then another socket asks the server
/// to answer to that binding (RESPONSE-PORT). Several idle times are tried at once, each on a socket of its own, and narrowed down in at most
/// three rounds.
/// </summary>
internal sealed class LifetimeTest(NatDiscovery discovery, NatFindings findings, TransportAddress server)
{
    private const int MaxRounds = 3;

    private readonly NatSocket _control = discovery.OpenSocket();
    private readonly List<Sample> _samples = [];
    private Action<Instant> _ended = static _ => { };
    private TimeSpan _alive;
    private TimeSpan? _dead;
    private int _pending;
    private int _round;

    public bool IsCompleted { get; private set; }

    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (Sample sample in _samples)
            {
                if (sample.Due is { } due && (next is null || due < next))
                {
                    next = due;
                }
            }

            return next;
        }
    }

    public void Start(Action<Instant> ended)
    {
        _ended = ended;
        if (findings.Natted != true)
        {
            findings.LifetimeNote = "there is no NAT, so there is no binding";
            IsCompleted = true;
            return;
        }

        // An idle time of zero shows whether the server does RESPONSE-PORT at all.
        StartRound([TimeSpan.Zero]);
    }

    public void HandleTimeout(Instant now)
    {
        foreach (Sample sample in _samples)
        {
            if (sample.Due is { } due && now >= due)
            {
                sample.Due = null;
                Ask(sample);
            }
        }
    }

    private void StartRound(ReadOnlySpan<TimeSpan> idleTimes)
    {
        _samples.Clear();
        _pending = idleTimes.Length;
        foreach (TimeSpan idle in idleTimes)
        {
            var sample = new Sample(discovery.OpenSocket(), idle);
            _samples.Add(sample);
            discovery.Send(new NatProbe
            {
                Test = "lifetime-bind",
                Socket = sample.Socket,
                To = server,
                Ended = (probe, now) => OnBound(sample, probe, now),
            });
        }
    }

    private void OnBound(Sample sample, NatProbe probe, Instant now)
    {
        if (!probe.IsAnswered)
        {
            OnSampleEnded(now);
            return;
        }

        sample.Port = probe.Mapped!.Value.Port;
        sample.Due = now + sample.Idle;
    }

    private void Ask(Sample sample) => discovery.Send(new NatProbe
    {
        Test = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"lifetime-{sample.Idle.TotalSeconds:0.#}s"),
        Socket = _control,
        To = server,
        ResponsePort = sample.Port,
        ArrivalSocket = sample.Socket,
        Ended = (probe, now) => OnAsked(sample, probe, now),
    });

    private void OnAsked(Sample sample, NatProbe probe, Instant now)
    {
        sample.Alive = probe.IsAnswered;
        if (_round == 0 && !probe.IsAnswered)
        {
            GiveUp(
                probe.Outcome == NatProbeOutcome.Refused
                    ? $"the server refuses RESPONSE-PORT ({(int)probe.ErrorCode!.Value})"
                    : "answers to another port of ours do not arrive, so the server does not do RESPONSE-PORT or the NAT uses several addresses",
                now);
            return;
        }

        OnSampleEnded(now);
    }

    private void OnSampleEnded(Instant now)
    {
        if (--_pending != 0)
        {
            return;
        }

        // Silence is the binding's end only where the server still answers.
        discovery.Send(new NatProbe { Test = "lifetime-control", Socket = _control, To = server, Ended = OnControlEnded });
    }

    private void OnControlEnded(NatProbe control, Instant now)
    {
        if (!control.IsAnswered || !_samples.Exists(static sample => sample.Alive is not null))
        {
            GiveUp("the server stopped answering during the test", now);
            return;
        }

        foreach (Sample sample in _samples)
        {
            if (sample.Alive == true && sample.Idle > _alive)
            {
                _alive = sample.Idle;
            }
        }

        foreach (Sample sample in _samples)
        {
            if (sample.Alive == false && sample.Idle > _alive && (_dead is null || sample.Idle < _dead))
            {
                _dead = sample.Idle;
            }
        }

        if (_round++ == 0)
        {
            TimeSpan max = discovery.Options.MaxLifetime;
            StartRound([max / 16, max / 8, max / 4, max / 2, max]);
        }
        else if (_dead is not { } dead || _round > MaxRounds || dead - _alive <= Resolution(dead))
        {
            findings.LifetimeAtLeast = _alive;
            findings.LifetimeBelow = _dead;
            findings.LifetimeNote = _dead is null ? "the binding outlived the longest time that was tried" : null;
            IsCompleted = true;
            _ended(now);
        }
        else
        {
            TimeSpan quarter = (dead - _alive) / 4;
            StartRound([_alive + quarter, _alive + (quarter * 2), _alive + (quarter * 3)]);
        }
    }

    private void GiveUp(string note, Instant now)
    {
        findings.LifetimeNote = note;
        IsCompleted = true;
        _ended(now);
    }

    private static TimeSpan Resolution(TimeSpan time) => time / 10 > TimeSpan.FromSeconds(1) ? time / 10 : TimeSpan.FromSeconds(1);

    private sealed class Sample(NatSocket socket, TimeSpan idle)
    {
        public NatSocket Socket { get; } = socket;

        public TimeSpan Idle { get; } = idle;

        public int Port { get; set; }

        public Instant? Due { get; set; }

        public bool? Alive { get; set; }
    }
}
