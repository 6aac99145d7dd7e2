using System.Collections.Concurrent;
using System.Linq;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Stack.TestKit;

/// <summary>Keeps what an attempt has to tell until it is known whether it counts.</summary>
internal sealed class AttemptBus(IMessageBus bus) : IMessageBus
{
    private readonly ConcurrentQueue<IMessageSinkMessage> _messages = new();

    /// <summary>Why the attempt failed.</summary>
    public string Failure => string.Join("; ", _messages.OfType<ITestFailed>().SelectMany(static failed => failed.Messages));

    public bool QueueMessage(IMessageSinkMessage message)
    {
        _messages.Enqueue(message);
        return true;
    }

    public void HandOn()
    {
        while (_messages.TryDequeue(out IMessageSinkMessage? message))
        {
            bus.QueueMessage(message);
        }
    }

    public void Dispose()
    {
        // The bus is the runner's.
    }
}
