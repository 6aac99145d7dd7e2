using System;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Cli;

/// <summary>A way through a relay and back.</summary>
internal interface IRelayPath : IAsyncDisposable
{
    ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken);

    /// <summary>The next packet that came back; of a stream exactly as much as the buffer holds.</summary>
    /// <returns>Its length.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
