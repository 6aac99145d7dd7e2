using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace Stack.Cli;

/// <summary><c>bench stun</c>: Binding requests from several sources in turn.</summary>
internal sealed class BindingLoad : IDisposable
{
    private readonly List<BindingSource> _sources = [];
    private readonly LoadLoop _loop;
    private readonly LoadRun _run;
    private int _turn;

    /// <param name="target">The server.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="plan">How much and how fast.</param>
    /// <param name="addresses">Where the sources are.</param>
    public BindingLoad(LoadTarget target, LoadLoop loop, LoadPlan plan, SourceAddresses addresses)
    {
        _loop = loop;
        _run = new LoadRun(target, loop, plan);
        uint mark = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(4));
        for (int i = 0; i < addresses.Count; i++)
        {
            _sources.Add(new BindingSource(target, loop, _run, addresses[i], mark + (uint)i));
        }
    }

    public LoadTally Run()
    {
        _run.Run(Send, () => _sources.ForEach(static source => source.BeginCounting()));
        _loop.ThrowIfInterrupted(_run.Tally);
        return _run.Tally;
    }

    public void Dispose() => _sources.ForEach(static source => source.Dispose());

    private int Send(int packets)
    {
        BindingSource source = _sources[_turn];
        _turn = (_turn + 1) % _sources.Count;
        for (int i = 0; i < packets; i++)
        {
            source.Send();
        }

        return packets;
    }
}
