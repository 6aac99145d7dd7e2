using System;
using System.Collections.Generic;
using Stack.TestKit;

namespace Stack.Stun.Tests;

/// <summary>A transaction table with its outputs written down as <c>milliseconds output</c>.</summary>
internal sealed class TransactionTestBench(TransactionTable table)
{
    public static readonly TransportAddress Server = DiscoveryScenario.Address("192.0.2.1:3478");

    private readonly byte[] _buffer = new byte[1024];
    private ulong _nextId = 1;

    public TransactionTestBench()
        : this(new TransactionTable())
    {
    }

    public TransactionTable Table => table;

    public List<string> Log { get; } = [];

    public Instant Now { get; private set; }

    public static Instant At(double milliseconds) => Instant.Zero + TimeSpan.FromMilliseconds(milliseconds);

    public static byte[] Response(RequestTransaction transaction, StunClass messageClass = StunClass.SuccessResponse, StunMethod? method = null)
    {
        byte[] bytes = new byte[20];
        _ = new StunMessageWriter(bytes, new StunMessageType(method ?? transaction.Method, messageClass), transaction.Id);
        return bytes;
    }

    public RequestTransaction Start(
        TransportAddress? server = null,
        bool reliable = false,
        RetransmissionSchedule? schedule = null,
        TransportAddress? expected = null,
        IClientCredential? credential = null)
    {
        using var random = new SeededRandom(_nextId++);
        byte[] request = new byte[20];
        _ = new StunMessageWriter(request, StunMessageType.BindingRequest, TransactionId.Create(random));
        bool started = table.TryStart(
            new TransactionRequest
            {
                Message = request,
                Destination = server ?? Server,
                ExpectedSource = expected,
                Reliable = reliable,
                Schedule = schedule,
                Credential = credential,
            },
            Now,
            out RequestTransaction? transaction);
        return started ? transaction! : throw new InvalidOperationException("full");
    }

    /// <summary>Reads all outputs at a time.</summary>
    public void Drain()
    {
        while (table.TryReadTransmit(_buffer, Now, out StunTransmit transmit))
        {
            Log.Add($"{Milliseconds} send {transmit.Destination}");
        }

        while (table.TryReadCompleted(out RequestTransaction? transaction))
        {
            Log.Add($"{Milliseconds} {transaction.Outcome}");
        }
    }

    /// <summary>Follows NextTimeout to the end, or up to and including a time.</summary>
    public void RunUntil(Instant? end = null)
    {
        Drain();
        while (table.NextTimeout is { } next && (end is null || next <= end))
        {
            int before = Log.Count;
            Now = next;
            table.HandleTimeout(Now);
            Drain();
            if (Log.Count == before)
            {
                throw new InvalidOperationException($"No progress at {Now}.");
            }
        }

        Now = end ?? Now;
    }

    public DatagramDisposition Receive(byte[] datagram, TransportAddress? source = null)
    {
        DatagramDisposition disposition = table.HandleDatagram(datagram, source ?? Server, Now);
        Drain();
        return disposition;
    }

    public void Unreachable()
    {
        table.HandleUnreachable(Server, Now);
        Drain();
    }

    private string Milliseconds => Now.SinceOrigin.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
