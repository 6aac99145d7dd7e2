using System;

namespace Stack.Stun;

/// <summary>
/// The test of RFC 5780 section 3.4: two fresh sockets learn their mapped endpoints, then each sends a Binding request to the other's. Both
/// send, so that a NAT that filters by address and port has seen the other one too. A request that arrives is the proof.
/// </summary>
internal sealed class HairpinningTest(NatDiscovery discovery, NatFindings findings, TransportAddress server)
{
    private readonly NatSocket _left = discovery.OpenSocket();
    private readonly NatSocket _right = discovery.OpenSocket();
    private Action<Instant> _ended = static _ => { };
    private NatProbe? _leftToRight;
    private NatProbe? _rightToLeft;
    private int _pending;

    public bool IsCompleted { get; private set; }

    public void Start(Action<Instant> ended)
    {
        _ended = ended;
        if (findings.Natted != true)
        {
            IsCompleted = true;
            return;
        }

        _pending = 2;
        foreach (NatSocket socket in (ReadOnlySpan<NatSocket>)[_left, _right])
        {
            discovery.Send(new NatProbe { Test = "hairpinning-1", Socket = socket, To = server, Ended = OnMapped });
        }
    }

    public void HandleRequest(NatSocket socket, TransactionId id, Instant now)
    {
        NatProbe? arrived = socket == _right ? _leftToRight : socket == _left ? _rightToLeft : null;
        if (!IsCompleted && arrived?.Transaction?.Id == id)
        {
            discovery.Succeed(arrived, now);
        }
    }

    private void OnMapped(NatProbe probe, Instant now)
    {
        if (--_pending != 0)
        {
            return;
        }

        if (_left.Mapped is not { } left || _right.Mapped is not { } right)
        {
            Conclude(null, now);
            return;
        }

        _pending = 2;
        _leftToRight = Send(_left, right);
        _rightToLeft = Send(_right, left);
    }

    private NatProbe Send(NatSocket from, TransportAddress to)
    {
        // These requests get no response; the schedule is shorter, since they need not cross the internet.
        var probe = new NatProbe
        {
            Test = "hairpinning-2",
            Socket = from,
            To = to,
            Schedule = discovery.Options.HairpinningSchedule,
            Ended = OnCrossed,
        };
        discovery.Send(probe);
        return probe;
    }

    private void OnCrossed(NatProbe probe, Instant now)
    {
        _pending--;
        if (probe.IsAnswered)
        {
            discovery.Abandon(probe == _leftToRight ? _rightToLeft! : _leftToRight!, now);
            Conclude(true, now);
        }
        else if (_pending == 0)
        {
            Conclude(false, now);
        }
    }

    private void Conclude(bool? hairpinning, Instant now)
    {
        if (!IsCompleted)
        {
            findings.Hairpinning = hairpinning;
            IsCompleted = true;
            _ended(now);
        }
    }
}
