using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>What the loop is asked to do: 0 connect, 1 join, 2 close a connection.</summary>
internal readonly record struct ModelCommand(int Kind, uint Connection, long Relay, ReferenceAddress Peer, ModelTuple? Path);
