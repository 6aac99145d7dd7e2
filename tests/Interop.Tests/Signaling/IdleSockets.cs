using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Stack.Interop.Tests;

/// <summary>Thousands of peers that have joined and say nothing, but answer pings, as browsers do.</summary>
internal sealed class IdleSockets : IDisposable
{
    private const int PeersOfASession = 8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly List<IdleSocket> _sockets = [];

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    /// <summary>Adds peers, and waits until each has joined.</summary>
    public async Task AddAsync(IPEndPoint server, int count)
    {
        using CancellationTokenSource limit = new(Timeout);
        for (int i = 0; i < count; i++)
        {
            var socket = new IdleSocket();
            _sockets.Add(socket);
            await socket.JoinAsync(server, $"idle-{_sockets.Count / PeersOfASession}", limit.Token);
        }
    }
}
