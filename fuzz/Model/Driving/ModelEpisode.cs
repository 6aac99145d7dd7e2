using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stack.Fuzz.Reference;
using Stack.Turn;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>
/// Two servers that share their resources, from start to stop, under a stream of inputs that is a function of the seed and the episode's number.
/// </summary>
internal sealed partial class ModelEpisode : IDisposable
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const int MaxIdleSteps = 10_000;

    private readonly ModelRandom _random;
    private readonly ModelShared _shared;
    private readonly TurnServerResources _resources;
    private readonly FakeMachine _machine;
    private readonly ModelLoop[] _loops;
    private readonly List<ModelClient> _clients = [];
    private readonly Dictionary<ModelTuple, ModelClient> _byTuple = [];
    private readonly MessageBuilder _builder = new();
    private readonly ReferenceMessage _reply = new();
    private readonly List<string>? _trace;
    private readonly ModelTally _tally;
    private readonly byte[] _nonceKey = new byte[32];
    private long _now;
    private bool _isLate;

    public ModelEpisode(ulong seed, ulong number, ModelTally tally, List<string>? trace)
    {
        _random = new ModelRandom(seed ^ ((number + 1) * 0xD6E8_FEB8_6659_FD93));
        _tally = tally;
        _trace = trace;
        ModelSettings settings = SettingsDraw.First(_random);
        DateTimeOffset startedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + _random.Below(200_000));
        _shared = new ModelShared(settings, startedAt.ToUnixTimeSeconds());
        _random.GetBytes(_nonceKey);
        _resources = new TurnServerResources(settings.ToLimits(), settings.ToReplies(), _nonceKey, startedAt, new ModelRandom(_random.Next()));
        _machine = new FakeMachine(_random, _random.Pick((int[])[0, 3, 20, 1000]));
        _loops =
        [
            new ModelLoop(_shared, _resources, _machine, new ModelRandom(_random.Next()), 0),
            new ModelLoop(_shared, _resources, _machine, new ModelRandom(_random.Next()), 1),
        ];
        AddClients();
    }

    public long Messages { get; private set; }

    public void Dispose()
    {
        foreach (ModelLoop loop in _loops)
        {
            loop.Dispose();
        }

        _random.Dispose();
    }

    public void Run(int messages)
    {
        while (Messages < messages)
        {
            if (_random.OneIn(10))
            {
                Advance();
            }

            Act();
            if (_random.OneIn(8))
            {
                CheckConservation();
            }
        }

        CatchUp();
        CheckConservation();
        if (_random.OneIn(2))
        {
            Trace("stop");
            _loops[0].Stop(_now);
            _loops[1].Stop(_now);
        }
        else
        {
            RunOut();
        }

        CheckEmpty();
    }

    private void AddClients()
    {
        int port = 40000;
        foreach (ReferenceAddress address in ModelUniverse.Clients)
        {
            for (int i = 0; i < 4; i++)
            {
                ModelTransport transport = i switch
                {
                    2 => ModelTransport.Tcp,
                    3 => _random.OneIn(2) ? ModelTransport.Tcp : ModelTransport.Tls,
                    _ => ModelTransport.Udp,
                };
                ReferenceAddress server = address.Family == 1 ? ModelUniverse.Server4 : ModelUniverse.Server6;
                var tuple = new ModelTuple(address with { Port = port++ }, server, transport);
                var client = new ModelClient(tuple, _random.Below(2), _random.Below(ModelUsers.Everybody.Length - 1));
                _clients.Add(client);
                _byTuple.Add(tuple, client);
            }
        }
    }

    private void Trace(string text) => _trace?.Add(string.Create(CultureInfo.InvariantCulture, $"{Messages} at {_now}: {text}"));

    private void Count(ModelDisposition disposition)
    {
        Messages++;
        _tally.Count(disposition);
    }

    private void Advance()
    {
        long step = _random.Below(1000) switch
        {
            < 500 => _random.Below(50 * 10_000),
            < 750 => _random.Below(2) * Second / 2,
            < 930 => _random.Below(20 * 1000) * 10_000L,
            < 970 => -1,
            < 995 => (10 + _random.Below(100)) * Second,
            _ => _random.Below(1200) * Second,
        };
        long until = step >= 0 ? _now + step : NearDeadline();
        _isLate = _random.OneIn(10);
        if (_isLate)
        {
            // A loop that is busy hears of a deadline only later.
            _now = until;
            return;
        }

        AdvanceTo(until);
        if (_random.OneIn(20))
        {
            Trace("timeout before its time");
            _random.Pick(_loops).HandleTimeout(_now);
        }
    }

    // At a deadline, one tick before it, or one after.
    private long NearDeadline()
    {
        long? next = _random.Pick(_loops).NextTimeout;
        return Math.Max(_now, (next ?? _now) - 1 + _random.Below(3));
    }

    private void AdvanceTo(long until)
    {
        while (true)
        {
            ModelLoop? due = null;
            foreach (ModelLoop loop in _loops)
            {
                if (loop.NextTimeout <= until && (due is null || loop.NextTimeout < due.NextTimeout))
                {
                    due = loop;
                }
            }

            if (due is null)
            {
                break;
            }

            _now = Math.Max(_now, due.NextTimeout!.Value);
            Trace("timeout");
            due.HandleTimeout(_now);
        }

        _now = until;
    }

    private void CatchUp()
    {
        _isLate = false;
        AdvanceTo(_now);
    }

    private void RunOut()
    {
        int steps = 0;
        while (_loops.Any(loop => loop.NextTimeout is not null))
        {
            Require(++steps <= MaxIdleSteps, "time passes and nothing ends");
            AdvanceTo(_loops.Min(loop => loop.NextTimeout ?? long.MaxValue));
        }

        // A joined connection has no deadline of its own: it ends with its allocation.
        Require(_loops.All(loop => loop.Model.Connections.Count == 0), "a connection outlives its allocation");
    }

    private void CheckConservation()
    {
        Require(_resources.PortsInUse == _shared.PortsInUse, $"{_resources.PortsInUse} ports are in use, expected {_shared.PortsInUse}");
        Require(_machine.Sockets + _machine.Reserved == _shared.PortsInUse, "ports and sockets are not the same number");
        Require(_resources.AllocationCount == _shared.Allocations.Count(), "the quotas count other allocations");
    }

    private void CheckEmpty()
    {
        CheckConservation();
        Require(_shared.PortsInUse == 0 && _machine.Sockets == 0 && _machine.Reserved == 0, "something stays behind");
        Require(_resources.AllocationCount == 0 && _shared.AccountBandwidth.Count == 0, "a quota stays taken");
        Require(_loops.All(loop => loop.NextTimeout is null), "a deadline stays behind");
    }
}
