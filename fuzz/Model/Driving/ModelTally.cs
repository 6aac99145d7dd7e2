using System;

namespace Stack.Fuzz.Model;

/// <summary>How often each thing came of an input, and how often each response code was sent, by method.</summary>
internal sealed class ModelTally
{
    public const int Methods = 16;
    public const int Codes = 700;

    private readonly long[] _dispositions = new long[Enum.GetValues<ModelDisposition>().Length];
    private readonly long[] _replies = new long[Methods * Codes];

    public long this[ModelDisposition disposition] => _dispositions[(int)disposition];

    /// <summary>Replies of a method; the code is 0 for success.</summary>
    public long this[int method, int code] => _replies[(method * Codes) + code];

    public void Count(ModelDisposition disposition) => _dispositions[(int)disposition]++;

    public void CountReply(int method, int code) => _replies[((method % Methods) * Codes) + code]++;

    public void Add(ModelTally other)
    {
        for (int i = 0; i < _dispositions.Length; i++)
        {
            _dispositions[i] += other._dispositions[i];
        }

        for (int i = 0; i < _replies.Length; i++)
        {
            _replies[i] += other._replies[i];
        }
    }
}
