using System.Collections.Generic;

namespace Stack.Transport;

/// <summary>
/// What the sockets of one loop have to send, in the order of each socket: sent together, so that the system is called once for many datagrams.
/// </summary>
internal sealed class DepartureQueue
{
    private const int Capacity = 1024;

    private readonly Departure[] _departures = new Departure[Capacity];
    private readonly int[] _next = new int[Capacity];
    private readonly List<DatagramPort> _ports = new(Capacity);
    private int _count;

    public bool IsFull => _count == Capacity;

    /// <summary>The sockets that have something to send.</summary>
    public List<DatagramPort> Ports => _ports;

    public ref readonly Departure this[int index] => ref _departures[index];

    /// <summary>The one behind another one of the same socket; -1 for none.</summary>
    public int GetNext(int index) => _next[index];

    /// <summary>Adds one; not to a full queue.</summary>
    public void Add(DatagramPort port, in Departure departure)
    {
        int index = _count++;
        _departures[index] = departure;
        _next[index] = -1;
        if (port.LastDeparture < 0)
        {
            port.FirstDeparture = index;
            _ports.Add(port);
        }
        else
        {
            _next[port.LastDeparture] = index;
        }

        port.LastDeparture = index;
    }

    public void Clear()
    {
        foreach (DatagramPort port in _ports)
        {
            port.FirstDeparture = -1;
            port.LastDeparture = -1;
        }

        _ports.Clear();
        _count = 0;
    }
}
