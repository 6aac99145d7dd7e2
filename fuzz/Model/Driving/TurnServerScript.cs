using System;
using System.Collections.Generic;
using System.Linq;
using Stack.Fuzz.Reference;

namespace Stack.Fuzz.Model;

/// <summary>
/// Runs scripts of inputs and time steps against two TURN servers beside their models: whatever the script says, every output is compared, and
/// at its end nothing is left. One instance serves one thread.
/// </summary>
public sealed partial class TurnServerScript : IDisposable
{
    /// <summary>How many operations of a script are run at most.</summary>
    public const int MaxOperations = 64;

    /// <summary>How many sets of options there are; the first byte of a script chooses.</summary>
    public const int EnvironmentCount = 4;

    // Behind a script: nonces, quarantines and silences are over.
    private static readonly long Pause = TimeSpan.FromHours(3).Ticks;

    private readonly ScriptEnvironment[] _environments;
    private readonly MessageBuilder _builder = new();
    private readonly ReferenceMessage _reply = new();
    private readonly List<ModelClient> _clients = [];
    private readonly byte[] _transactionId = new byte[12];
    private ModelLoop[] _loops = [];
    private ModelShared _shared = null!;
    private ScriptReader _script = new([]);
    private long _now;
    private uint _transactions;

    /// <summary>Sets the environments up.</summary>
    public TurnServerScript() => _environments = Enumerable.Range(0, EnvironmentCount).Select(static number => new ScriptEnvironment(number)).ToArray();

    /// <summary>How many inputs were answered with success or relayed.</summary>
    public long Accepted { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Servers live as long as their script.
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">Any bytes.</param>
    /// <returns>The rule that is broken; null where all hold.</returns>
    public string? Run(byte[] script)
    {
        _script = new ScriptReader(script);
        ScriptEnvironment environment = _environments[_script.Byte() % EnvironmentCount];
        environment.Begin(Pause);
        _now = environment.Now;
        _transactions = 0;
        try
        {
            Run(environment);
            return null;
        }
        catch (ModelViolationException violation)
        {
            environment.Renew();
            return violation.Message;
        }
        catch
        {
            // What the servers of this script hold would stay with the next ones.
            environment.Renew();
            throw;
        }
        finally
        {
            environment.Now = Math.Max(environment.Now, _now);
        }
    }

    private void Run(ScriptEnvironment environment)
    {
        _shared = new ModelShared(environment.Settings, ScriptEnvironment.StartedAt);
        var machine = new FakeMachine(environment.Random, environment.TroubleOneIn);
        _loops =
        [
            new ModelLoop(_shared, environment.Resources, machine, environment.Random, 0),
            new ModelLoop(_shared, environment.Resources, machine, environment.Random, 1),
        ];
        try
        {
            _clients.Clear();
            AddClients();
            for (int i = 0; i < MaxOperations && !_script.IsAtEnd; i++)
            {
                Step();
            }

            AdvanceTo(_now);
            _loops[0].Stop(_now);
            _loops[1].Stop(_now);
            bool empty = environment.Resources.PortsInUse == 0 && environment.Resources.AllocationCount == 0
                && machine.Sockets == 0 && machine.Reserved == 0 && Array.TrueForAll(_loops, loop => loop.NextTimeout is null);
            ModelViolationException.Require(empty, "something stays behind");
        }
        finally
        {
            Array.ForEach(_loops, loop => loop.Dispose());
        }
    }

    // Two of each: UDP and streams, IPv4 and IPv6, on both loops; the last ones are for data connections.
    private void AddClients()
    {
        for (int i = 0; i < 8; i++)
        {
            ReferenceAddress address = ModelUniverse.Clients[(i / 2) % ModelUniverse.Clients.Count] with { Port = 40000 + i };
            ModelTransport transport = i switch
            {
                0 or 1 or 4 => ModelTransport.Udp,
                5 => ModelTransport.Tls,
                _ => ModelTransport.Tcp,
            };
            ReferenceAddress server = address.Family == 1 ? ModelUniverse.Server4 : ModelUniverse.Server6;
            _clients.Add(new ModelClient(new ModelTuple(address, server, transport), i & 1, i % 3));
        }
    }

    private void Step()
    {
        switch ((ScriptOperation)(_script.Byte() % ((int)ScriptOperation.Drain + 1)))
        {
            case ScriptOperation.Raw:
                ModelClient raw = NextClient();
                Deliver(raw, _script.Bytes(_script.Byte()).ToArray());
                break;
            case ScriptOperation.Request or ScriptOperation.RequestToo:
                Request();
                break;
            case ScriptOperation.Again:
                ModelClient again = NextClient();
                if (again.Sent.Count > 0)
                {
                    Deliver(again, again.Sent[^1]);
                }

                break;
            case ScriptOperation.Mutated:
                Mutated();
                break;
            case ScriptOperation.Send:
                Send();
                break;
            case ScriptOperation.ChannelData:
                SendOnChannel();
                break;
            case ScriptOperation.PeerDatagram:
                PeerDatagram();
                break;
            case ScriptOperation.Icmp:
                Icmp();
                break;
            case ScriptOperation.Accept:
                Accept();
                break;
            case ScriptOperation.Connected:
                (ModelLoop connected, uint standing) = NextConnection();
                connected.HandlePeerConnected(standing, _now);
                break;
            case ScriptOperation.ConnectFailed:
                (ModelLoop refused, uint failed) = NextConnection();
                refused.HandlePeerConnectFailed(failed, _now);
                break;
            case ScriptOperation.PeerClosed:
                (ModelLoop closed, uint over) = NextConnection();
                closed.HandlePeerClosed(over, _now);
                break;
            case ScriptOperation.ClientClosed:
                ModelClient client = NextClient();
                if (client.Tuple.IsStream)
                {
                    Array.ForEach(_loops, loop => loop.HandleClientClosed(client.Tuple, _now));
                }

                break;
            case ScriptOperation.Time:
                Wait(_script.Byte() % 6, _script.Byte());
                break;
            default:
                _loops[_script.Byte() & 1].Drain();
                break;
        }
    }

    private ModelClient NextClient() => _clients[_script.Byte() % _clients.Count];

    private void Deliver(ModelClient client, byte[] message, int? shard = null)
    {
        // Once joined its bytes are the peer's, not the server's.
        if (Array.Exists(_loops, loop => loop.Model.Connections.Any(connection => connection.DataPath == client.Tuple)))
        {
            return;
        }

        client.Sent.Clear();
        client.Sent.Add(message);
        ModelDisposition disposition = _loops[shard ?? client.Shard].HandleClientMessage(message, client.Tuple, _now, out byte[]? reply);
        Accepted += disposition is ModelDisposition.Answered or ModelDisposition.Relayed or ModelDisposition.Pending ? 1 : 0;
        if (reply is not null && _reply.Load(reply, acceptClassic: false) == ReferenceVerdict.Ok && _reply.Nonce.Presence == ReferencePresence.Present)
        {
            client.Nonce = _reply.Nonce.Value.ToArray();
        }
    }

    private void Wait(int kind, int amount)
    {
        long next = Math.Min(_loops[0].NextTimeout ?? long.MaxValue, _loops[1].NextTimeout ?? long.MaxValue);
        long to = kind switch
        {
            0 => _now + (amount * TimeSpan.TicksPerMillisecond),
            1 => _now + (amount * TimeSpan.TicksPerSecond),
            2 => _now + ((amount % 64) * TimeSpan.TicksPerMinute),
            4 when next != long.MaxValue => Math.Max(_now, next - 1),
            3 or 5 when next != long.MaxValue => Math.Max(_now, next),
            _ => _now,
        };
        if (kind == 5)
        {
            _now = to;
        }
        else
        {
            AdvanceTo(to);
        }
    }

    private void AdvanceTo(long until)
    {
        while (true)
        {
            long first = Math.Min(_loops[0].NextTimeout ?? long.MaxValue, _loops[1].NextTimeout ?? long.MaxValue);
            if (first > until)
            {
                _now = until;
                return;
            }

            _now = Math.Max(_now, first);
            _loops[_loops[0].NextTimeout == first ? 0 : 1].HandleTimeout(_now);
        }
    }
}
