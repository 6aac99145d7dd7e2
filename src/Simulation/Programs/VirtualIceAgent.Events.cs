using System.Collections.Generic;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Simulation;

/// <content>What the agent's events ask for.</content>
public sealed partial class VirtualIceAgent
{
    private readonly List<(RelayBase Relay, TransportAddress Peer)> _permissions = [];
    private readonly List<TransportAddress> _peers = [];

    private void ReadEvents()
    {
        while (!_disposed && Agent.TryReadEvent(out IceEvent happened))
        {
            if (_events.Count < MaxRecorded)
            {
                _events.Add(new VirtualIceEvent(Host.Simulator.Now, happened));
            }

            Host.Simulator.Trace?.Add(Host.Simulator.Now, Host.Name, Describe(happened));
            Obey(happened);
            Happened?.Invoke(this, happened);
        }
    }

    private static string Describe(in IceEvent happened) => happened.Kind switch
    {
        IceEventKind.StateChanged => $"ice {happened.State} {happened.Reason}",
        IceEventKind.RoleChanged => $"ice role {happened.Role}",
        IceEventKind.PathChanged or IceEventKind.Selected => $"ice {happened.Kind} {happened.Pair}",
        _ => $"ice {happened.Kind} {happened.BaseId} {happened.Remote}",
    };

    private void Obey(in IceEvent happened)
    {
        switch (happened.Kind)
        {
            case IceEventKind.PathChanged:
                UsableAt ??= Host.Simulator.Now;
                break;
            case IceEventKind.PermissionWanted when Find(happened.BaseId) is RelayBase relay:
                _permissions.Add((relay, happened.Remote));
                break;
            case IceEventKind.ChannelWanted when Find(happened.BaseId) is RelayBase relay:
                relay.BindChannel(happened.Remote);
                break;
            case IceEventKind.ConnectionWanted when Find(happened.BaseId) is TcpBase tcp:
                tcp.Connect(happened.Remote);
                break;
            case IceEventKind.ConnectionUnwanted when Find(happened.BaseId) is TcpBase tcp:
                tcp.Close(happened.Remote);
                break;
        }
    }

    private IceBase? Find(int baseId) => _bases.GetValueOrDefault(baseId);

    /// <summary>One request for all that is wanted of an allocation at once.</summary>
    private void Permit()
    {
        while (_permissions.Count != 0)
        {
            RelayBase relay = _permissions[0].Relay;
            _peers.Clear();
            for (int i = 0; i < _permissions.Count;)
            {
                if (_permissions[i].Relay == relay)
                {
                    _peers.Add(_permissions[i].Peer);
                    _permissions.RemoveAt(i);
                }
                else
                {
                    i++;
                }
            }

            relay.Permit(_peers);
        }
    }
}
