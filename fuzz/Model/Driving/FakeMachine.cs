using System.Collections.Generic;
using Stack.Fuzz.Reference;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>The operating system of a run: what is bound, and how often it says no.</summary>
internal sealed class FakeMachine(ModelRandom random, int troubleOneIn)
{
    private readonly HashSet<(int Protocol, ReferenceAddress Address)> _bound = [];
    private readonly HashSet<ReferenceAddress> _reserved = [];

    public int Sockets => _bound.Count;

    public int Reserved => _reserved.Count;

    /// <summary>0 opened, 1 in use, 2 exhausted, 3 unavailable.</summary>
    public int Bind(int protocol, ReferenceAddress address)
    {
        Require(!_bound.Contains((protocol, address)), $"{address} is bound already");
        Require(protocol != ModelShared.Udp || !_reserved.Contains(address), $"{address} is reserved");
        int status = Trouble();
        if (status == 0)
        {
            _bound.Add((protocol, address));
        }

        return status;
    }

    public int Reserve(ReferenceAddress address)
    {
        Require(!_bound.Contains((ModelShared.Udp, address)) && !_reserved.Contains(address), $"{address} is taken already");
        int status = Trouble();
        if (status == 0)
        {
            _reserved.Add(address);
        }

        return status;
    }

    public int Claim(ReferenceAddress address)
    {
        Require(_reserved.Remove(address), $"{address} was not reserved");
        int status = Trouble();
        if (status == 0)
        {
            _bound.Add((ModelShared.Udp, address));
        }

        return status;
    }

    public void Cancel(ReferenceAddress address) => Require(_reserved.Remove(address), $"{address} was not reserved");

    public void Close(int protocol, ReferenceAddress address) => Require(_bound.Remove((protocol, address)), $"{address} was not bound");

    private int Trouble() => troubleOneIn > 0 && random.OneIn(troubleOneIn) ? random.Pick((int[])[1, 1, 1, 1, 2, 3]) : 0;
}
