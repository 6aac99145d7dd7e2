using System.Collections.Generic;

namespace Stack.Fuzz.Model;

/// <summary>What the driver remembers of one 5-tuple.</summary>
internal sealed class ModelClient(ModelTuple tuple, int shard, int user)
{
    private const int Kept = 4;

    private int _next;

    public ModelTuple Tuple { get; } = tuple;

    public int Shard { get; } = shard;

    /// <summary>Which user it mostly is.</summary>
    public int User { get; } = user;

    /// <summary>The last nonce that it was given.</summary>
    public byte[] Nonce { get; set; } = [];

    /// <summary>Whether it has become a data connection (RFC 6062): the server gets no messages from it.</summary>
    public bool IsJoined { get; set; }

    /// <summary>What it sent lately.</summary>
    public List<byte[]> Sent { get; } = [];

    public void Remember(byte[] message)
    {
        if (Sent.Count < Kept)
        {
            Sent.Add(message);
        }
        else
        {
            Sent[_next++ % Kept] = message;
        }
    }
}
