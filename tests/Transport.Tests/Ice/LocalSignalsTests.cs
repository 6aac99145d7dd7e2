using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class LocalSignalsTests
{
    private static readonly IceParameters Parameters = new() { Credentials = new IceCredentials("8hhY", "asd88fgpdd777uzjYhagZg") };

    private readonly LocalSignals _signals = new();

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task HasReaders_OneThatIsBusyBetweenTwoSignals_Counts()
    {
        _signals.Restart(Parameters);
        _signals.Add(IceSignal.EndOfCandidates("8hhY"));
        Assert.False(_signals.HasReaders);

        int read = 0;
        await foreach (IceSignal _ in _signals.ReadAsync(CancellationToken.None))
        {
            Assert.True(_signals.HasReaders);
            if (++read == 2)
            {
                break;
            }
        }

        Assert.False(_signals.HasReaders);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task HasReaders_OneOfTwoGivesUp_TheOtherCounts()
    {
        using var stop = new CancellationTokenSource();
        Task<int> first = CountAsync(stop.Token);
        Task<int> second = CountAsync(CancellationToken.None);
        Assert.True(_signals.HasReaders);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True(_signals.HasReaders);

        _signals.Restart(Parameters);
        _signals.Close();
        Assert.Equal(1, await second);
        Assert.False(_signals.HasReaders);
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (IceSignal _ in _signals.ReadAsync(cancellationToken))
        {
            count++;
        }

        return count;
    }
}
