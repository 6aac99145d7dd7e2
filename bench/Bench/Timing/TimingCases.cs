using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Stack.Stun;
using Stack.Transport;
using Stack.Turn;

namespace Stack.Bench;

/// <summary>The secrets that time must not tell: who has an account, and how much of a MESSAGE-INTEGRITY is right.</summary>
internal sealed class TimingCases : IDisposable
{
    private const string Realm = "example.org";
    private const double MaxT = 4.5;
    private const int Rounds = 100;

    private static readonly TransportAddress ServerAddress = TransportAddress.FromIPv4(0xC0000201, 3478);
    private static readonly FiveTuple Path = new(new ClientAddress(TransportAddress.FromIPv4(0xC6336401, 40000)), ServerAddress, StunTransport.Udp);

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly StaticCredentialSource _users = new(Realm, Enumerable.Range(0, 1000).Select(static i => StaticUser.FromPassword($"known{i:000}", $"password{i}")));
    private readonly TurnServer _server;
    private readonly byte[] _reply = new byte[TurnServer.MinReplyBuffer];

    public TimingCases()
    {
        var relay = new RelayAddress(TransportAddress.FromIPv4(0xC0000202, 0));

        // Nobody is silenced here: whoever measures has many addresses.
        var limits = new TurnServerLimits { AuthenticationFailures = int.MaxValue };
        var options = new TurnServerOptions
        {
            Realm = Realm,
            RelayAddresses = [relay],
            Limits = limits,
            Peers = new PeerAddressPolicy(new PeerAddressRules { OwnEndPoints = [ServerAddress], LocalAddresses = [ServerAddress], RelayAddresses = [relay.Local] }),
        };
        var resources = new TurnServerResources(limits, replies: null, RandomNumberGenerator.GetBytes(32), DateTimeOffset.UnixEpoch, _random);
        _server = new TurnServer(options, resources, _users, new NoRelaySockets(), _random);
    }

    /// <summary>Measures all of them.</summary>
    /// <param name="samples">How often each kind of input, in a hundred rounds.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>Whether no secret can be told.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer samples than rounds.</exception>
    public static bool Run(int samples, TextWriter output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, Rounds);
        output.WriteLine("| told apart by time: difference, t | all samples | fastest 99 % | fastest 90 % | fastest 50 % | target | |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | --- | --- |");
        var users = new TimingTest(Rounds, samples / Rounds);
        var codes = new TimingTest(Rounds, samples / Rounds);
        for (int round = 0; round < Rounds; round++)
        {
            using var cases = new TimingCases();
            users.Run(cases.MakeRequest($"nobody{round:00}"), cases.MakeRequest($"known{round * 7:000}"), cases.Refuse);
            RunCodes(codes);
        }

        bool met = Write("an unknown user, or a wrong password", users, output);
        return Write("the first byte of a MESSAGE-INTEGRITY wrong, or the last", codes, output) && met;
    }

    public void Dispose()
    {
        _server.Dispose();
        _users.Dispose();
        _random.Dispose();
    }

    private static void RunCodes(TimingTest test)
    {
        using var key = new IntegrityKey(RandomNumberGenerator.GetBytes(16));
        byte[] buffer = new byte[256];
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Allocate, StunClass.Request), TransactionId.Read(RandomNumberGenerator.GetBytes(TransactionId.Size)));
        writer.AddRequestedTransport(RelayProtocol.Udp);
        writer.AddMessageIntegrity(key);
        byte[] first = writer.Written.ToArray();
        byte[] last = writer.Written.ToArray();
        first[^MessageIntegrity.ValueSize] ^= 1;
        last[^1] ^= 1;
        test.Run(first, last, input => Verify(input, key));
    }

    private static void Verify(byte[] bytes, IntegrityKey key)
    {
        if (StunMessage.Decode(bytes, out StunMessage message) != StunDecodeStatus.Ok || MessageIntegrity.Verify(message, key))
        {
            throw new InvalidOperationException("A wrong code is taken for a right one.");
        }
    }

    private static bool Write(string title, TimingTest test, TextWriter output)
    {
        (double Nanoseconds, double T)[] results = test.Summarize();
        bool met = results.All(static result => Math.Abs(result.T) < MaxT);
        string figures = string.Join(" | ", results.Select(static result => string.Create(CultureInfo.InvariantCulture, $"{result.Nanoseconds:0.0} ns, {result.T:0.0}")));
        output.WriteLine($"| {title} | {figures} | \\|t\\| < {MaxT.ToString(CultureInfo.InvariantCulture)} | {(met ? "met" : "**not met**")} |");
        return met;
    }

    private void Refuse(byte[] request)
    {
        if (_server.HandleClientMessage(request, Path, _reply, Instant.Zero).Disposition != TurnServerDisposition.Challenged)
        {
            throw new InvalidOperationException("The request is not refused as it should be.");
        }
    }

    // An Allocate request with a wrong password, and a nonce that the server has given.
    private byte[] MakeRequest(string user)
    {
        using var client = new LongTermClient(new LongTermCredential(user, "wrong"));
        byte[] challenge = Build(client);
        TurnServerStep step = _server.HandleClientMessage(challenge, Path, _reply, Instant.Zero);
        if (StunMessage.Decode(_reply.AsSpan(0, step.Reply.Length), out StunMessage response) != StunDecodeStatus.Ok
            || client.HandleError(response) != ChallengeDecision.Retry)
        {
            throw new InvalidOperationException("The server does not ask for credentials.");
        }

        return Build(client);
    }

    private static byte[] Build(LongTermClient client)
    {
        byte[] buffer = new byte[1024];
        var writer = new StunMessageWriter(buffer, new StunMessageType(StunMethod.Allocate, StunClass.Request), TransactionId.Read(RandomNumberGenerator.GetBytes(TransactionId.Size)));
        writer.AddRequestedTransport(RelayProtocol.Udp);
        client.AddTo(ref writer);
        return writer.Written.ToArray();
    }
}
