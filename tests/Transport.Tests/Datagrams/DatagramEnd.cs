using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net.Sockets;
using Stack.Stun;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>A loop with one socket, which the test reads and sends by itself.</summary>
internal sealed class DatagramEnd : DatagramReader, IDisposable
{
    public DatagramEnd(bool portable, string address = "127.0.0.1", DatagramPortOptions? options = null)
    {
        Poller = DatagramPoller.Create(portable);
        Socket = RawClient.Udp(address);
        Port = Poller.Add(Socket, this, options ?? new DatagramPortOptions { ReportsIcmp = true });
    }

    public DatagramPoller Poller { get; }

    public Socket Socket { get; }

    public DatagramPort Port { get; }

    /// <summary>For what is sent.</summary>
    public PinnedBuffer Buffer { get; } = new(200_000);

    public int Relayed { get; private set; }

    public long RelayedBytes { get; private set; }

    public int Unsent { get; private set; }

    /// <summary>Waits until something can be read, and takes it as ready. A signal to the process ends a wait too, with nothing.</summary>
    /// <returns>Whether there are ICMP errors to read.</returns>
    public bool TakeReady()
    {
        long start = Stopwatch.GetTimestamp();
        DatagramReader reader;
        bool hasErrors;
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds < Patience.Milliseconds, "Nothing came.");
            Poller.Wait(TimeSpan.FromSeconds(10));
        }
        while (!Poller.TryTakeReady(out reader, out hasErrors));

        Assert.Same(this, reader);
        return hasErrors;
    }

    /// <summary>Waits until something can be read, and leaves it to be taken.</summary>
    public void WaitUntilReady()
    {
        TakeReady();

        // What can still be read is found again.
        Poller.Wait(block: false);
    }

    /// <summary>Waits until something can be read, and takes one batch of it.</summary>
    public bool Receive(bool spreads = false)
    {
        TakeReady();
        return Port.Receive(spreads);
    }

    /// <summary>Waits for a number of datagrams and copies them.</summary>
    public List<byte[]> ReceiveAll(int count, bool spreads = false)
    {
        var all = new List<byte[]>();
        while (all.Count < count)
        {
            Assert.True(Receive(spreads));
            while (Poller.Arrivals.TryRead(out DatagramArrival arrival))
            {
                all.Add(Poller.Arrivals.Buffer.Slice(arrival.Offset, arrival.Length).ToArray());
            }
        }

        return all;
    }

    public DatagramArrival ReceiveOne()
    {
        Assert.True(Receive());
        Assert.True(Poller.Arrivals.TryRead(out DatagramArrival arrival));
        Assert.False(Poller.Arrivals.TryRead(out _));
        return arrival;
    }

    public void Queue(int offset, int length, TransportAddress destination, byte trafficClass = 0, int relayed = Departure.NotRelayed)
        => Port.Queue(new Departure(Buffer, offset, length, destination, trafficClass, relayed));

    /// <summary>Sends one datagram by itself.</summary>
    /// <returns>Whether the system took it.</returns>
    public bool Send(int length, TransportAddress destination, byte trafficClass = 0, bool dontFragment = false)
    {
        int unsent = Unsent;
        if (dontFragment)
        {
            Port.SendUnfragmented(new Departure(Buffer, 0, length, destination, trafficClass, Departure.NotRelayed));
        }
        else
        {
            Queue(0, length, destination, trafficClass);
            Poller.Flush();
        }

        return Unsent == unsent;
    }

    public override void OnReadable(bool hasErrors) => throw new InvalidOperationException("The test reads itself.");

    public override void OnRelayed(int datagrams, long bytes)
    {
        Relayed += datagrams;
        RelayedBytes += bytes;
    }

    public override void OnUnsent(int datagrams) => Unsent += datagrams;

    public void Dispose()
    {
        Port.Dispose();
        Poller.Dispose();
    }
}
