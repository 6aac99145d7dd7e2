using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Stun;
using Xunit;
using static Stack.Simulation.Tests.Scene;

namespace Stack.Simulation.Tests;

/// <summary>What links do to packets, and that they do it as often as they shall.</summary>
public sealed class LinkTests
{
    private const int Many = 20_000;

    private readonly Simulator _simulator = new(11);
    private readonly List<(int Number, TimeSpan At)> _arrived = [];
    private readonly VirtualSocket _sender;
    private readonly VirtualSocket _receiver;
    private readonly Link _link;

    public LinkTests()
    {
        VirtualHost a = _simulator.PublicHost("a", "203.0.113.1");
        VirtualHost b = _simulator.PublicHost("b", "203.0.113.2");
        _link = a.Interfaces[0].Link;
        _sender = a.BindUdp(At("203.0.113.1:1000"));
        _receiver = b.BindUdp(At("203.0.113.2:2000"));
        _receiver.Received = (_, _, payload) => _arrived.Add((BitsOf(payload), _simulator.Now.SinceOrigin));
    }

    [Fact]
    public void Latency_Constant_IsAdded()
    {
        _link.Up = LinkProfile.WithLatency(Ms(30));
        _receiver.Host.Interfaces[0].Link.Down = LinkProfile.WithLatency(Ms(12));
        Send(0);
        _simulator.RunFor(Seconds(1));
        Assert.Equal([(0, Ms(42))], _arrived);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Latency_Distribution_HasItsBoundsAndMean(bool bell)
    {
        LatencyDistribution latency = bell ? LatencyDistribution.Bell(Ms(10), Ms(50)) : LatencyDistribution.Uniform(Ms(10), Ms(50));
        _link.Up = new LinkProfile { Latency = latency, KeepsOrder = false };
        SendMany(1);
        double[] delays = [.. _arrived.Select(static one => (one.At - Ms(one.Number)).TotalMilliseconds)];
        Assert.InRange(delays.Min(), 10, 30);
        Assert.InRange(delays.Max(), 30, 50);
        Assert.InRange(delays.Average(), 29.5, 30.5);
        double deviation = Math.Sqrt(delays.Average(static delay => (delay - 30) * (delay - 30)));
        Assert.InRange(deviation, bell ? 3.1 : 11.2, bell ? 3.6 : 11.9);
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.25, 1)]
    [InlineData(0.1, 4)]
    public void Loss_Share_IsWhatItShallBe(double loss, double burst)
    {
        _link.Up = new LinkProfile { Loss = loss, MeanLossBurst = burst };
        SendMany(1);
        Assert.InRange(1 - ((double)_arrived.Count / Many), loss * 0.85, loss * 1.15);
        Assert.Equal(Many - _arrived.Count, _simulator.CountOf(PacketFate.Lost));
        int runs = 0;
        bool[] lost = new bool[Many + 1];
        Array.Fill(lost, true, 0, Many);
        foreach ((int number, _) in _arrived)
        {
            lost[number] = false;
        }

        for (int i = 0; i < Many; i++)
        {
            runs += lost[i] && !lost[i + 1] ? 1 : 0;
        }

        double mean = (double)(Many - _arrived.Count) / runs;
        double expected = burst > 1 ? burst : 1 / (1 - loss);
        Assert.InRange(mean, expected * 0.9, expected * 1.1);
    }

    [Fact]
    public void Duplication_Share_IsWhatItShallBe()
    {
        _link.Up = new LinkProfile { Duplication = 0.2 };
        SendMany(1);
        Assert.InRange(_arrived.Count, (int)(Many * 1.18), (int)(Many * 1.22));
        Assert.Equal(Many, _arrived.Select(static one => one.Number).Distinct().Count());
    }

    [Fact]
    public void Reordering_Share_OvertakesAndNothingElseDoes()
    {
        _link.Up = new LinkProfile { Latency = LatencyDistribution.Uniform(Ms(5), Ms(50)) };
        SendMany(1);
        Assert.Equal(_arrived.Select(static one => one.Number).Order(), _arrived.Select(static one => one.Number));

        _arrived.Clear();
        _link.Up = new LinkProfile { Latency = LatencyDistribution.Constant(Ms(20)), Reordering = 0.1 };
        SendMany(1);
        int held = _arrived.Zip(_arrived.Skip(1)).Count(static two => two.Second.Number < two.First.Number);
        Assert.InRange(held, Many * 7 / 100, Many * 10 / 100);
        Assert.Equal(Many, _arrived.Count);
    }

    [Fact]
    public void Rate_PacketsAtOnce_FollowEachOther()
    {
        // 1000 bytes with headers: 8 ms each at 1 Mbit/s.
        _link.Up = new LinkProfile { BitsPerSecond = 1_000_000, QueueBytes = 10_000 };
        for (int i = 0; i < 20; i++)
        {
            Send(i, size: 972);
        }

        _simulator.RunFor(Seconds(1));
        Assert.Equal(Enumerable.Range(1, 10).Select(static i => Ms(8 * i)), _arrived.Select(static one => one.At));
        Assert.Equal(10, _simulator.CountOf(PacketFate.QueueFull));
    }

    [Theory]
    [InlineData(OversizePolicy.Drop, false, 0)]
    [InlineData(OversizePolicy.Report, false, 1)]
    [InlineData(OversizePolicy.Fragment, true, 1)]
    public void Mtu_LargerPacketThatIsNotFragmented_IsDropped(OversizePolicy policy, bool dontFragment, int reports)
    {
        _link.Up = new LinkProfile { Mtu = 1280, Oversize = policy };
        var errors = new List<(TransportAddress, UnreachableReason)>();
        _sender.Unreachable = (_, destination, reason) => errors.Add((destination, reason));
        Send(0, size: 1252, dontFragment);
        Send(1, size: 1253, dontFragment);
        _simulator.RunFor(Seconds(1));
        Assert.Equal([0], _arrived.Select(static one => one.Number));
        Assert.Equal(1, _simulator.CountOf(PacketFate.TooBig));
        Assert.Equal(Enumerable.Repeat((_receiver.Local, UnreachableReason.TooBig), reports), errors);
    }

    [Fact]
    public void Mtu_Fragments_AreLostEach()
    {
        // 4 fragments of 1480 bytes: 0.9^4 = 0.656 arrive.
        _link.Up = new LinkProfile { Mtu = 1500, Loss = 0.1 };
        for (int i = 0; i < Many; i++)
        {
            Send(i, size: 5000);
        }

        _simulator.RunFor(Seconds(1));
        Assert.InRange((double)_arrived.Count / Many, 0.64, 0.67);
    }

    [Fact]
    public void Cut_PacketsUnderWay_AreLostUntilItIsWhole()
    {
        _link.Both = LinkProfile.WithLatency(Ms(10));
        Send(0);
        _simulator.RunFor(Ms(5));
        _link.IsCut = true;
        Send(1);
        _simulator.RunFor(Ms(50));
        _link.IsCut = false;
        Send(2);
        _simulator.RunFor(Ms(50));
        Assert.Equal([2], _arrived.Select(static one => one.Number));
        Assert.Equal(2, _simulator.CountOf(PacketFate.LinkDown));
    }

    [Fact]
    public void Profile_OutOfRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _link.Up = new LinkProfile { Loss = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => _link.Up = new LinkProfile { Duplication = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => _link.Down = new LinkProfile { Mtu = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyDistribution.Uniform(Ms(2), Ms(1)));
    }

    private static int BitsOf(ReadOnlySpan<byte> payload) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(payload);

    private void SendMany(double spacing)
    {
        TimeSpan start = _simulator.Now.SinceOrigin;
        for (int i = 0; i < Many; i++)
        {
            Send(i);
            _simulator.RunFor(Ms(spacing));
        }

        _simulator.RunFor(Seconds(1));
        for (int i = 0; i < _arrived.Count; i++)
        {
            _arrived[i] = (_arrived[i].Number, _arrived[i].At - start);
        }
    }

    private void Send(int number, int size = 20, bool dontFragment = false)
    {
        byte[] payload = new byte[size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(payload, number);
        Assert.Equal(SendOutcome.Sent, _sender.Send(_receiver.Local, payload, dontFragment));
    }
}
