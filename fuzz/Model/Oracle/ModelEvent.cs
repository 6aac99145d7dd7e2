using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>What the operator is told. <see cref="Reason"/> is null for a beginning, else 0 deleted, 1 expired, 2 connection lost, 3 stopped.</summary>
internal sealed record ModelEvent(
    ModelTuple Tuple,
    string Username,
    ReferenceAddress Relayed,
    int Protocol,
    int? Reason,
    long Age,
    ModelTraffic Traffic,
    IReadOnlyList<ReferenceAddress> Peers)
{
    public bool IsSameAs(ModelEvent other)
        => Tuple == other.Tuple && Username == other.Username && Relayed == other.Relayed && Protocol == other.Protocol && Reason == other.Reason
            && Age == other.Age && Traffic == other.Traffic && Peers.SequenceEqual(other.Peers);

    public override string ToString()
        => $"{Tuple} {Username} {Relayed} protocol {Protocol} reason {Reason} age {Age} {Traffic} peers {string.Join(' ', Peers)}";
}
