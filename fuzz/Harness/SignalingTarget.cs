using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stack.Signaling;
using Stack.Stun;

namespace Stack.Fuzz;

/// <summary>
/// The signaling core under a script of lines: sockets that open, speak, stop reading and break, other processes, and time. Nothing throws, what is sent is
/// JSON, queues and tables keep their bounds, deadlines pass, and nothing is left at the end.
/// </summary>
internal sealed class SignalingTarget : IFuzzTarget, IRelayCredentials
{
    private const int Slots = 10;

    private static readonly RelayServers Servers = new([new RelayServer(["turn:a"], "u", "p")], TimeSpan.FromMinutes(10), DateTimeOffset.UnixEpoch);

    private static readonly SignalingLimits Limits = SignalingLimits.Default with
    {
        ConnectsPerSecond = 1000,
        MaxConnectionsPerAddress = 1000,
        MaxQueuedMessages = 30,
        MaxQueuedBytes = 30_000,
        MaxSessions = 4,
        EmptySessionLifetime = TimeSpan.FromMinutes(3),
    };

    private readonly Dictionary<ConnectionId, int> _waiting = [];
    private readonly ConnectionId[] _slots = new ConnectionId[Slots];
    private SignalingCore? _core;
    private Instant _now;
    private string? _broken;

    public long Accepted { get; private set; }

    public RelayServers Issue(string session, SessionPeer peer) => Servers;

    public void Dispose()
    {
    }

    public string? Run(byte[] input)
    {
        bool shared = input.Length > 0 && (input[0] & 1) == 1;
        using var random = new CountingRandom();
        _core = new SignalingCore(Limits, this, random, shared);
        _now = new Instant(TimeSpan.TicksPerHour);
        _broken = null;
        _waiting.Clear();
        Array.Clear(_slots);
        if (shared)
        {
            _core.HandleSharedRestored(_now);
        }

        ReadOnlySpan<byte> rest = input;
        while (!rest.IsEmpty && _broken is null)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Length >= 2)
            {
                Take(line[0] % Slots, (char)line[1], line[2..]);
                Drain();
            }
        }

        return _broken ?? Finish(shared);
    }

    private void Take(int slot, char what, ReadOnlySpan<byte> text)
    {
        ConnectionId connection = _slots[slot];
        switch (what)
        {
            case 'o' when connection == default:
                Open(slot, Encoding.Latin1.GetString(text));
                break;
            case 'c' when connection != default:
                _core!.HandleClosed(connection, text.Length > 0 ? 1000 : 0, _now);
                _waiting.Remove(connection);
                _slots[slot] = default;
                break;
            case 'r' when connection != default:
                for (; _waiting[connection] > 0; _waiting[connection]--)
                {
                    _core!.HandleSent(connection);
                }

                break;
            case 't':
                Advance(TimeSpan.FromSeconds(text.Length > 0 ? text[0] % 64 : 1));
                break;
            case 's':
                if (SharedMessage.TryParse(text, out SharedMessage? message))
                {
                    Accepted++;
                    _core!.HandleShared(message, _now);
                }

                break;
            default:
                _core!.HandleMessage(connection, text, _now);
                break;
        }
    }

    private void Open(int slot, string target)
    {
        string[] parts = target.Split('?', 2);
        var request = new ConnectRequest { Path = parts[0], Query = parts.Length > 1 ? parts[1] : "", UserAgent = target };
        if (_core!.Connect(request, _now, out ConnectionId opened) is null)
        {
            Accepted++;
            _slots[slot] = opened;
            _waiting.Add(opened, 0);
        }
    }

    private void Drain()
    {
        while (_core!.TryReadTransmit(out SignalingTransmit transmit))
        {
            if (transmit.IsClose || !_waiting.TryGetValue(transmit.Connection, out int waiting))
            {
                continue;
            }

            _waiting[transmit.Connection] = waiting + 1;

            // What waited for a peer comes at once when it is back.
            if (waiting > 2 * Limits.MaxQueuedMessages)
            {
                _broken = $"{waiting} messages wait";
            }

            using JsonDocument document = JsonDocument.Parse(transmit.Payload);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                _broken = "no object is sent";
            }
        }

        while (_core.TryReadShared(out SharedMessage? message))
        {
            if (!SharedMessage.TryParse(message.ToUtf8(), out SharedMessage? again) || !again.ToUtf8().AsSpan().SequenceEqual(message.ToUtf8()))
            {
                _broken = "not read back: " + Encoding.UTF8.GetString(message.ToUtf8());
            }
        }

        while (_core.TryReadEvent(out SignalingEvent e))
        {
            if (e.Kind == SignalingEventKind.IdWanted)
            {
                _core.HandleId(e.Connection, e.Above + 1, _now);
            }
        }

        if (_core.Counts.Connections != _waiting.Count)
        {
            _broken = $"{_core.Counts.Connections} of {_waiting.Count} connections";
        }
    }

    private void Advance(TimeSpan time)
    {
        Instant end = _now + time;
        for (int i = 0; _core!.NextTimeout is { } next && next <= end; i++)
        {
            _now = next > _now ? next : _now;
            _core.HandleTimeout(_now);
            Drain();
            if (_core.NextTimeout <= _now || i > 100_000)
            {
                _broken = "a deadline stays";
                return;
            }
        }

        _now = end;
    }

    private string? Finish(bool shared)
    {
        for (int i = 0; i < Slots; i++)
        {
            Take(i, 'c', default);
            Drain();
        }

        Advance(TimeSpan.FromMinutes(6));
        SignalingCounts counts = _core!.Counts;
        bool empty = counts is { Connections: 0, Peers: 0, RemotePeers: 0, Sessions: 0, EmptySessions: 0 };
        return _broken ?? (!empty ? $"left: {counts}" : _core.NextTimeout is null == shared ? "a deadline is left" : null);
    }

    private sealed class CountingRandom : RandomNumberGenerator
    {
        private uint _count;

        public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

        public override void GetBytes(Span<byte> data)
        {
            data.Clear();
            BitConverter.TryWriteBytes(data, ++_count);
        }
    }
}
