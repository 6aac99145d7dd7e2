using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Stack.Simulation;
using Stack.Stun;
using static Stack.Ice.Tests.IceScenario;

namespace Stack.Ice.Tests;

/// <summary>
/// A session goes over a relay; then the left side gets a public address beside its NAT, and restarts. Both sides send a packet every 10 ms before,
/// during and after.
/// </summary>
internal sealed class SwitchRun : IDisposable
{
    private static readonly TimeSpan Interval = Ms(10);

    private readonly IceScenario _scenario;
    private readonly HashSet<string> _sent = [];
    private readonly HashSet<string> _received = [];
    private Instant _lastAtLeft;
    private Instant _lastAtRight;
    private int _number;

    public SwitchRun(IceStrategy strategy, double roundTrip, bool cutsOldPath)
    {
        _scenario = new IceScenario(1, roundTrip);
        VirtualHost left = _scenario.PlaceLeft(Access.Symmetric);
        _scenario.Prepare(
            left, _scenario.PlaceRight(Access.Symmetric), WithTurn with { Agent = WithTurn.Agent with { Strategy = strategy } });
        _scenario.Gather();
        _scenario.Exchange();
        Completed = _scenario.Completes(20);
        Instant start = _scenario.Simulator.Now;
        _lastAtLeft = _lastAtRight = start;
        _scenario.Left.Received = (_, _, payload) => Receive(payload, ref _lastAtLeft);
        _scenario.Right.Received = (_, _, payload) => Receive(payload, ref _lastAtRight);
        Send(100);
        LongestGap = TimeSpan.Zero;
        _scenario.Place("left-wifi", Access.Open, "203.0.113.77", "", left);
        if (cutsOldPath)
        {
            _scenario.NatOfSide("left").Outside.Link.IsCut = true;
        }

        _scenario.ToLeft.Delay = _scenario.ToRight.Delay = _scenario.RoundTrip / 2;
        Completed &= _scenario.Left.Restart();
        Send(1000);
        _scenario.Run(2);
        Completed &= _scenario.AreCompleted && IsDirect(_scenario.Left) && IsDirect(_scenario.Right);
        Lost = _sent.Count - _received.Count;
    }

    /// <summary>Whether the session was complete before, and complete and direct after.</summary>
    public bool Completed { get; }

    public int Sent => _sent.Count;

    /// <summary>How many packets were not received, or could not be sent.</summary>
    public int Lost { get; }

    /// <summary>The longest time between two packets that either side received, after the switch began.</summary>
    public TimeSpan LongestGap { get; private set; }

    public override string ToString() => _scenario.ToString();

    public void Dispose() => _scenario.Dispose();

    private void Send(int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            foreach (VirtualIceAgent from in (VirtualIceAgent[])[_scenario.Left, _scenario.Right])
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"{from.Host.Name} {_number++}");
                _sent.Add(text);
                from.Send(Encoding.ASCII.GetBytes(text));
            }

            _scenario.Simulator.RunFor(Interval);
        }
    }

    private void Receive(ReadOnlySpan<byte> payload, ref Instant last)
    {
        _received.Add(Encoding.ASCII.GetString(payload));
        TimeSpan gap = _scenario.Simulator.Now - last;
        LongestGap = gap > LongestGap ? gap : LongestGap;
        last = _scenario.Simulator.Now;
    }
}
