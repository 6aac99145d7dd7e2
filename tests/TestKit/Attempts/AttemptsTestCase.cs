using System;
using System.ComponentModel;
using System.Threading;
using System.Threading.Tasks;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Stack.TestKit;

/// <summary>A test that is run again where it failed, so often at most; the last attempt is what counts, and the others are told.</summary>
public sealed class AttemptsTestCase : XunitTestCase
{
    private int _most;

    /// <summary>For the runner alone, which restores what it wrote down.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the deserializer.")]
    public AttemptsTestCase()
    {
    }

    /// <summary>Creates a test that is tried so often at most.</summary>
    public AttemptsTestCase(
        IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, int most, object[]? arguments = null)
        : base(diagnostics, display, options, method, arguments)
        => _most = most;

    /// <inheritdoc/>
    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var attemptBus = new AttemptBus(messageBus);
            RunSummary summary = await base
                .RunAsync(diagnosticMessageSink, attemptBus, constructorArguments, new ExceptionAggregator(aggregator), cancellationTokenSource)
                .ConfigureAwait(false);
            if (summary.Failed == 0 || attempt >= _most || cancellationTokenSource.IsCancellationRequested)
            {
                attemptBus.HandOn();
                return summary;
            }

            diagnosticMessageSink.OnMessage(new DiagnosticMessage($"Attempt {attempt} of {DisplayName} failed: {attemptBus.Failure}"));
        }
    }

    /// <inheritdoc/>
    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(_most), _most);
    }

    /// <inheritdoc/>
    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        _most = data.GetValue<int>(nameof(_most));
    }
}
