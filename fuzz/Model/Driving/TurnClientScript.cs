using System;
using System.Collections.Generic;
using Stack.Fuzz.Reference;
using Stack.Stun;
using Stack.Turn;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>
/// Runs scripts against the TURN client's state machine: what a server may answer, and what it may not, commands and time. Its rules are in
/// <see cref="Check"/> and <see cref="Respond"/>. One instance serves one thread.
/// </summary>
public sealed partial class TurnClientScript : IDisposable
{
    /// <summary>How many operations of a script are run at most.</summary>
    public const int MaxOperations = 64;

    private const int MaxTransmits = 64;
    private const int MaxEvents = 2200;
    private const int MaxSilentSteps = 5000;
    private const int RequestsKept = 16;

    private static readonly ReferenceAddress Server = new(1, 3478, 0x05050505);
    private static readonly TransportAddress ServerAddress = Server.ToServer();
    private static readonly ModelUser Alice = ModelUsers.Everybody[0];

    private readonly LongTermCredential _credential = new(Alice.Name, "secret of alice");
    private readonly MessageBuilder _builder = new();
    private readonly ReferenceMessage _message = new();
    private readonly List<byte[]> _requests = [];
    private readonly List<ClientAllocationEvent> _events = [];
    private readonly byte[] _buffer = new byte[ClientAllocation.MaxRequestSize];
    private ClientAllocation _client = null!;
    private ClientAllocationOptions _options = new();
    private ScriptReader _script = new([]);
    private byte[] _last = [];
    private long _now;
    private bool _lost;

    /// <summary>How many messages of the server meant something.</summary>
    public long Accepted { get; private set; }

    private Instant Now => new(_now);

    private bool IsStream => _options.Transport != StunTransport.Udp;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A client lives as long as its script.
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">Any bytes.</param>
    /// <returns>The rule that is broken; null where all hold.</returns>
    public string? Run(byte[] script)
    {
        _script = new ScriptReader(script);
        _options = DrawOptions(_script.Byte());
        using var random = new ModelRandom((ulong)script.Length);
        using var client = new ClientAllocation(ServerAddress, _options, random);
        _client = client;
        _requests.Clear();
        _last = [];
        _now = 0;
        _lost = false;
        try
        {
            client.Allocate(Now);
            Check();
            for (int i = 0; i < MaxOperations && !_script.IsAtEnd; i++)
            {
                Step();
            }

            RunOut();
            return null;
        }
        catch (ModelViolationException violation)
        {
            return violation.Message;
        }
    }

    private ClientAllocationOptions DrawOptions(int bits)
    {
        bool stream = (bits & 1) != 0;
        bool tcp = stream && (bits & 2) != 0;
        bool dual = (bits & 4) != 0;
        return new ClientAllocationOptions
        {
            Transport = stream ? StunTransport.Tcp : StunTransport.Udp,
            Protocol = tcp ? RelayProtocol.Tcp : RelayProtocol.Udp,
            Dual = dual,
            Credential = (bits & 8) == 0 ? _credential : null,
            Family = !dual && (bits & 16) != 0 ? StunAddressFamily.IPv6 : StunAddressFamily.None,
            EvenPort = !tcp && (bits & 32) != 0 ? EvenPortRequest.Even : EvenPortRequest.None,
            DontFragment = !tcp && (bits & 64) != 0,
            Lifetime = (bits & 128) != 0 ? TimeSpan.FromSeconds(900) : null,
        };
    }

    // The server is silent from now on: everything has to come to an end by itself.
    private void RunOut()
    {
        for (int steps = 0; _client.NextTimeout is { } next; steps++)
        {
            Require(steps < MaxSilentSteps, "time passes and nothing ends");
            _now = Math.Max(_now, next.Ticks);
            _client.HandleTimeout(Now);
            Check();
            Require(_client.NextTimeout is not { } after || after > Now, "a timeout without progress");
        }

        Require(_client.State == ClientAllocationState.Ended, $"{_client.State} for ever");
    }

    /// <summary>What must hold after every input: requests and nothing else go out, well formed and not too many; what waits has a deadline.</summary>
    private void Check()
    {
        int transmits = 0;
        while (_client.TryReadTransmit(_buffer, Now, out StunTransmit transmit))
        {
            Require(++transmits <= MaxTransmits, "too many requests at once");
            Require(transmit.Destination == ServerAddress, "a request to somebody else");
            CheckRequest(_buffer.AsSpan(0, transmit.Length).ToArray());
        }

        _events.Clear();
        while (_client.TryReadEvent(out ClientAllocationEvent happened))
        {
            _events.Add(happened);
            Require(_events.Count <= MaxEvents, "too many events at once");
            if (happened.Kind is ClientAllocationEventKind.AllocationLost)
            {
                Require(!_lost, "an allocation is lost twice");
                _lost = true;
            }
        }

        bool waits = _client.State is ClientAllocationState.Allocating or ClientAllocationState.Active or ClientAllocationState.Releasing;
        Require(waits == _client.NextTimeout is not null, $"{_client.State} and the next timeout is {_client.NextTimeout}");
        Require(waits || transmits == 0 || _client.State == ClientAllocationState.Ended, "a request without a cause");
        if (_client.State == ClientAllocationState.Active)
        {
            Require(_client.Grant is not null && _client.Expires - Now <= TimeSpan.FromHours(1), "an allocation without an end");
        }
    }

    private void CheckRequest(byte[] request)
    {
        Require(_message.Load(request, acceptClassic: false) == ReferenceVerdict.Ok, "a request is not well formed");
        bool known = _message.Method is ModelMethod.Allocate or ModelMethod.Refresh or ModelMethod.CreatePermission or ModelMethod.ChannelBind
            or ModelMethod.Connect;
        Require(_message.Class == ModelMethod.Request && known, $"class {_message.Class} method {_message.Method} to the server");
        Require(KeyOf(out bool sha256) is not { } key || (sha256 ? _message.MessageIntegritySha256Ok(key) : _message.MessageIntegrityOk(key)), "a request with a wrong MAC");
        byte[] id = request[8..20];
        if (!_requests.Exists(known => known.AsSpan(8, 12).SequenceEqual(id)))
        {
            _requests.Add(request);
            if (_requests.Count > RequestsKept)
            {
                _requests.RemoveAt(0);
            }
        }
    }

    // Of the request that is loaded; null where it is not protected, or for a realm of the script's own.
    private byte[]? KeyOf(out bool sha256)
    {
        sha256 = _message.MessageIntegritySha256Offset >= 0;
        ReferenceValue<ReferenceAttribute> realm = _message.Realm;
        bool isProtected = sha256 || _message.MessageIntegrityOffset >= 0;
        if (!isProtected || realm.Presence != ReferencePresence.Present || !realm.Value.ToArray().AsSpan().SequenceEqual("example.org"u8))
        {
            return null;
        }

        bool sha256Key = _message.PasswordAlgorithm is { Presence: ReferencePresence.Present, Value.Number: 2 };
        return sha256Key ? Alice.Sha256Keys[0] : Alice.Md5Keys[0];
    }

    private void Deliver(byte[] message, TransportAddress? source = null)
    {
        _last = message;
        ClientAllocationState before = _client.State;
        ClientDisposition disposition = _client.HandleDatagram(message, source ?? ServerAddress, Now, out PeerPayload data);
        if (disposition == ClientDisposition.PeerData)
        {
            Require(data.Offset >= 0 && data.Length >= 0 && data.Offset + data.Length <= message.Length, "data beyond the datagram");
            Require(before == ClientAllocationState.Active, "data without an allocation");
        }
        else
        {
            Require(data == default, "data without a cause");
        }

        Accepted += disposition is ClientDisposition.Completed or ClientDisposition.PeerData or ClientDisposition.Reported ? 1 : 0;
        Check();
        bool effective = disposition is ClientDisposition.Completed or ClientDisposition.Reported || _lost;
        Require(effective || _events.Count == 0 || before != _client.State, $"{disposition} and events");
        if (source is not null && source != ServerAddress)
        {
            Require(disposition == ClientDisposition.WrongSource && _events.Count == 0 && before == _client.State, "somebody else is believed");
        }
    }
}
