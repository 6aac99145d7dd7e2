using System;
using Stack.TestKit;
using Xunit;

namespace Stack.Stun.Tests;

/// <summary>Which response ends which transaction, and how (RFC 8489 sections 6.3, 6.3.3 and 6.3.4).</summary>
public sealed class TransactionMatchingTests
{
    private delegate void Extend(ref StunMessageWriter writer);

    [Fact]
    public void Response_RightIdMethodAndSource_Completes()
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        byte[] response = TransactionTestBench.Response(transaction);
        Assert.Equal(DatagramDisposition.Completed, bench.Receive(response));
        Assert.Equal(TransactionOutcome.Success, transaction.Outcome);
        Assert.Equal(response, transaction.Response.ToArray());
    }

    [Theory]
    [InlineData("192.0.2.1:3479")]
    [InlineData("192.0.2.2:3478")]
    [InlineData("[::ffff:192.0.2.1]:3478")]
    public void Response_OtherSource_IsIgnoredAndNoted(string source)
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        TransportAddress other = DiscoveryScenario.Address(source);
        Assert.Equal(DatagramDisposition.WrongSource, bench.Receive(TransactionTestBench.Response(transaction), other));
        Assert.Equal(DatagramDisposition.WrongSource, bench.Receive(TransactionTestBench.Response(transaction), other.WithPort(1)));
        Assert.Equal((TransactionOutcome.Pending, other), (transaction.Outcome, transaction.UnexpectedSource));
    }

    [Fact]
    public void Response_ExpectedSource_IsTheOneThatCounts()
    {
        var bench = new TransactionTestBench();
        TransportAddress expected = DiscoveryScenario.Address("192.0.2.2:3479");
        RequestTransaction transaction = bench.Start(expected: expected);
        bench.Drain();
        Assert.Equal(DatagramDisposition.WrongSource, bench.Receive(TransactionTestBench.Response(transaction)));
        Assert.Equal(DatagramDisposition.Completed, bench.Receive(TransactionTestBench.Response(transaction), expected));
    }

    [Fact]
    public void Response_OtherMethodOrId_IsUnknown()
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        Assert.Equal(DatagramDisposition.UnknownTransaction, bench.Receive(TransactionTestBench.Response(transaction, method: StunMethod.Allocate)));
        for (int bit = 0; bit < 96; bit++)
        {
            byte[] response = TransactionTestBench.Response(transaction);
            response[8 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.Equal(DatagramDisposition.UnknownTransaction, bench.Receive(response));
        }

        Assert.Equal(TransactionOutcome.Pending, transaction.Outcome);
    }

    [Fact]
    public void Response_BeforeTheRequestIsSent_IsUnknown()
    {
        var bench = new TransactionTestBench();
        RequestTransaction transaction = bench.Start();
        Assert.Equal(
            DatagramDisposition.UnknownTransaction,
            bench.Table.HandleDatagram(TransactionTestBench.Response(transaction), TransactionTestBench.Server, bench.Now));
    }

    [Theory]
    [InlineData(StunClass.Request)]
    [InlineData(StunClass.Indication)]
    public void Datagram_NotAResponse_IsNotOurs(StunClass messageClass)
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        Assert.Equal(DatagramDisposition.NotAResponse, bench.Receive(TransactionTestBench.Response(transaction, messageClass)));
        Assert.Equal(TransactionOutcome.Pending, transaction.Outcome);
    }

    [Fact]
    public void Response_DuplicateOrLate_IsUnknown()
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        bench.Receive(TransactionTestBench.Response(transaction));
        Assert.Equal(DatagramDisposition.UnknownTransaction, bench.Receive(TransactionTestBench.Response(transaction)));
        Assert.Equal(DatagramDisposition.UnknownTransaction, bench.Receive(TransactionTestBench.Response(transaction, StunClass.ErrorResponse)));
        RequestTransaction timedOut = bench.Start();
        bench.RunUntil();
        Assert.Equal(DatagramDisposition.UnknownTransaction, bench.Receive(TransactionTestBench.Response(timedOut)));
        Assert.Equal(TransactionOutcome.TimedOut, timedOut.Outcome);
    }

    [Fact]
    public void Response_ToAnEarlierTransmission_Completes()
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        bench.RunUntil(TransactionTestBench.At(39000));
        Assert.Equal(DatagramDisposition.Completed, bench.Receive(TransactionTestBench.Response(transaction)));
        Assert.Equal((7, TransactionOutcome.Success), (transaction.Attempts, transaction.Outcome));
    }

    [Fact]
    public void ErrorResponse_WithErrorCode_IsAnError()
        => Assert.Equal(TransactionOutcome.Error, EndedBy(StunClass.ErrorResponse, static (ref StunMessageWriter writer) =>
            writer.AddErrorCode(StunErrorCode.BadRequest)));

    [Fact]
    public void ErrorResponse_WithoutErrorCode_Fails()
        => Assert.Equal(TransactionOutcome.NotUnderstood, EndedBy(StunClass.ErrorResponse, static (ref StunMessageWriter _) => { }));

    [Theory]
    [InlineData(new byte[] { 0, 0, 2, 0 })]
    [InlineData(new byte[] { 0, 0, 7, 0 })]
    [InlineData(new byte[] { 0, 0, 4, 100 })]
    [InlineData(new byte[] { 0, 0, 4 })]
    [InlineData(new byte[] { })]
    public void ErrorResponse_WithAMalformedErrorCode_Fails(byte[] value)
        => Assert.Equal(TransactionOutcome.NotUnderstood, EndedBy(StunClass.ErrorResponse, (ref StunMessageWriter writer) =>
            writer.Add(StunAttributeType.ErrorCode, value)));

    [Fact]
    public void SuccessResponse_WithErrorCode_IsASuccess()
        => Assert.Equal(TransactionOutcome.Success, EndedBy(StunClass.SuccessResponse, static (ref StunMessageWriter writer) =>
            writer.AddErrorCode(StunErrorCode.ServerError)));

    [Theory]
    [InlineData(0x0000, TransactionOutcome.NotUnderstood)]
    [InlineData(0x000D, TransactionOutcome.NotUnderstood)]
    [InlineData(0x7FFF, TransactionOutcome.NotUnderstood)]
    [InlineData(0x8000, TransactionOutcome.Success)]
    [InlineData(0xFFFF, TransactionOutcome.Success)]
    [InlineData(0x0026, TransactionOutcome.Success)]
    public void Response_AttributeTypes_AreComprehendedOrNot(int type, TransactionOutcome expected)
        => Assert.Equal(expected, EndedBy(StunClass.SuccessResponse, (ref StunMessageWriter writer) => writer.AddFlag((StunAttributeType)type)));

    [Fact]
    public void Response_TypeThatTheUsageExpects_IsUnderstood()
    {
        var bench = new TransactionTestBench(new TransactionTable(understood: [StunAttributeType.Lifetime]));
        RequestTransaction transaction = bench.Start();
        bench.Drain();
        bench.Receive(Build(transaction, StunClass.SuccessResponse, static (ref StunMessageWriter writer) => writer.AddUInt32(StunAttributeType.Lifetime, 1)));
        Assert.Equal(TransactionOutcome.Success, transaction.Outcome);
    }

    [Fact]
    public void Response_Fingerprint_MustBeRight()
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        byte[] response = Build(transaction, StunClass.SuccessResponse, static (ref StunMessageWriter writer) => writer.AddFingerprint());
        response[^1] ^= 1;
        Assert.Equal(DatagramDisposition.WrongFingerprint, bench.Receive(response));
        response[^1] ^= 1;
        Assert.Equal(DatagramDisposition.Completed, bench.Receive(response));
    }

    [Fact]
    public void Table_Full_RefusesUntilOneEnds()
    {
        var bench = new TransactionTestBench(new TransactionTable(capacity: 2));
        RequestTransaction first = bench.Start();
        bench.Start();
        Assert.Throws<InvalidOperationException>(() => bench.Start());
        bench.Table.Cancel(first, bench.Now);
        Assert.Equal((TransactionOutcome.Cancelled, TimeSpan.Zero), (first.Outcome, first.Elapsed));
        bench.Start();
        bench.Drain();
        Assert.Equal(["0 send 192.0.2.1:3478", "0 send 192.0.2.1:3478"], bench.Log);
        bench.Table.Cancel(first, bench.Now);
        Assert.Equal(2, bench.Table.Count);
    }

    [Fact]
    public void Start_CallersMistakes_Throw()
    {
        var table = new TransactionTable();
        byte[] request = new byte[20];
        _ = new StunMessageWriter(request, StunMessageType.BindingRequest, default);
        Assert.True(TryStart(request));
        Assert.Throws<ArgumentException>(() => TryStart(request));
        Assert.Throws<ArgumentException>(() => TryStart(request[..19]));
        _ = new StunMessageWriter(request, StunMessageType.BindingIndication, default);
        Assert.Throws<ArgumentException>(() => TryStart(request));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new TransactionTable(capacity: 0));
        Assert.Throws<ArgumentException>(() => table.TryReadTransmit(new byte[19], default, out _));
        Assert.True(table.TryReadTransmit(new byte[20], default, out _));

        bool TryStart(byte[] message)
            => table.TryStart(new TransactionRequest { Message = message, Destination = TransactionTestBench.Server }, default, out _);
    }

    [Theory]
    [InlineData(false, new[] { "0 send 192.0.2.1:3478", "500 send 192.0.2.1:3478", "1500 IntegrityViolated" })]
    [InlineData(true, new[] { "0 send 192.0.2.1:3478", "10 IntegrityViolated" })]
    public void Response_WrongIntegrity_ContinuesOverUdpAndEndsOverTcp(bool reliable, string[] expected)
    {
        using var credential = new ShortTermClient(new ShortTermCredential("user", "password"));
        var bench = new TransactionTestBench();
        var schedule = new RetransmissionSchedule { MaxRequests = 2, FinalWaitFactor = 2 };
        RequestTransaction transaction = bench.Start(reliable: reliable, schedule: schedule, credential: credential);
        bench.RunUntil(TransactionTestBench.At(10));
        Assert.Equal(
            reliable ? DatagramDisposition.Completed : DatagramDisposition.Ignored,
            bench.Receive(TransactionTestBench.Response(transaction)));
        bench.RunUntil();
        Assert.Equal(expected, bench.Log);
        Assert.True(transaction.Response.IsEmpty);
    }

    [Fact]
    public void Response_WrongIntegrityThenTheRightOne_Succeeds()
    {
        var secret = new ShortTermCredential("user", "password");
        using var credential = new ShortTermClient(secret);
        using IntegrityKey key = secret.CreateKey();
        var bench = new TransactionTestBench();
        RequestTransaction transaction = bench.Start(credential: credential);
        bench.Drain();
        bench.Receive(TransactionTestBench.Response(transaction));
        bench.Receive(Build(transaction, StunClass.SuccessResponse, (ref StunMessageWriter writer) => writer.AddMessageIntegritySha256(key)));
        Assert.Equal(TransactionOutcome.Success, transaction.Outcome);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Table_TenThousandRandomSteps_MakesProgressAndForgetsNothing(ulong seed)
    {
        using var random = new SeededRandom(seed);
        using var exceptions = new FirstChanceExceptions();
        var bench = new TransactionTestBench(new TransactionTable(capacity: 16));
        var open = new System.Collections.Generic.List<RequestTransaction>();
        byte[] noise = new byte[64];
        int started = 0;
        int cancelled = 0;
        for (int step = 0; step < 10_000; step++)
        {
            switch (random.Next(8))
            {
                case 0 or 1 when bench.Table.Count < bench.Table.Capacity:
                    open.Add(bench.Start(reliable: random.Chance(0.2)));
                    started++;
                    break;
                case 2 when open.Count != 0:
                    bench.Receive(TransactionTestBench.Response(open[^(1 + random.Next(Math.Min(16, open.Count)))], (StunClass)random.Next(4)));
                    break;
                case 3 when open.Count != 0:
                    byte[] flipped = TransactionTestBench.Response(open[^(1 + random.Next(Math.Min(16, open.Count)))]);
                    flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                    bench.Receive(flipped);
                    break;
                case 4:
                    random.GetBytes(noise);
                    bench.Receive(noise[..random.Next(noise.Length)]);
                    break;
                case 5 when random.Chance(0.1):
                    bench.Unreachable();
                    break;
                case 6 when random.Chance(0.05) && open.Count != 0:
                    RequestTransaction victim = open[^(1 + random.Next(Math.Min(16, open.Count)))];
                    cancelled += victim.IsCompleted ? 0 : 1;
                    bench.Table.Cancel(victim, bench.Now);
                    break;
                default:
                    // Also fails where a timeout makes no progress.
                    bench.RunUntil(bench.Now + TimeSpan.FromMilliseconds(random.Next(2000)));
                    break;
            }

            bench.Drain();
            Assert.InRange(bench.Table.Count, 0, 16);
            Assert.False(bench.Table.NextTimeout <= bench.Now - TimeSpan.FromTicks(1), "a deadline lies in the past");
        }

        bench.RunUntil();
        int completed = bench.Log.FindAll(static line => !line.Contains("send", StringComparison.Ordinal)).Count;
        Assert.Equal(started, completed + cancelled);
        Assert.All(open, static transaction => Assert.True(transaction.IsCompleted));
        Assert.True(started > 250, $"{started}");
        Assert.Equal(0, exceptions.Total);
    }

    private static TransactionTestBench Started(out RequestTransaction transaction)
    {
        var bench = new TransactionTestBench();
        transaction = bench.Start();
        bench.Drain();
        return bench;
    }

    private static TransactionOutcome EndedBy(StunClass messageClass, Extend extend)
    {
        TransactionTestBench bench = Started(out RequestTransaction transaction);
        Assert.Equal(DatagramDisposition.Completed, bench.Receive(Build(transaction, messageClass, extend)));
        return transaction.Outcome;
    }

    private static byte[] Build(RequestTransaction transaction, StunClass messageClass, Extend extend)
    {
        byte[] buffer = new byte[512];
        var writer = new StunMessageWriter(buffer, new StunMessageType(transaction.Method, messageClass), transaction.Id);
        extend(ref writer);
        return writer.Written.ToArray();
    }
}
