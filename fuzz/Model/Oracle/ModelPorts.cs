using System.Collections.Generic;

namespace Stack.Fuzz.Model;

/// <summary>The ports of one relay address and protocol: taken, resting, or free.</summary>
internal sealed class ModelPorts
{
    private readonly HashSet<int> _taken = [];
    private readonly Dictionary<int, long> _restsUntil = [];

    public int InUse => _taken.Count;

    public bool Fits(int port, ModelSettings settings, ModelPortPick pick, long now)
    {
        if (port < settings.FirstPort || port > settings.LastPort || !IsFree(port, now))
        {
            return false;
        }

        return pick switch
        {
            ModelPortPick.Any => true,
            ModelPortPick.Even => port % 2 == 0,
            _ => port % 2 == 0 && port + 1 <= settings.LastPort && IsFree(port + 1, now),
        };
    }

    public bool AnyFits(ModelSettings settings, ModelPortPick pick, long now)
    {
        for (int port = settings.FirstPort; port <= settings.LastPort; port++)
        {
            if (Fits(port, settings, pick, now))
            {
                return true;
            }
        }

        return false;
    }

    public void Take(int port)
    {
        ModelViolationException.Require(_taken.Add(port), "a port is given out twice");
        _restsUntil.Remove(port);
    }

    public void GiveBack(int port, long until)
    {
        ModelViolationException.Require(_taken.Remove(port), "a port is given back that was not taken");
        _restsUntil[port] = until;
    }

    private bool IsFree(int port, long now) => !_taken.Contains(port) && (!_restsUntil.TryGetValue(port, out long until) || until <= now);
}
