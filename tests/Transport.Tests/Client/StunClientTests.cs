using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class StunClientTests
{
    private static readonly IPEndPoint Elsewhere = new(IPAddress.Parse("198.51.100.1"), 4711);

    private readonly ManualTimeProvider _time = new();

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Bind_Udp_ReportsWhatTheServerSaw(string address)
    {
        await using StunServer server = await StunServer.StartAsync(new StunServerOptions
        {
            Listen = [new StunListenEndPoint(StunTransport.Udp, new IPEndPoint(IPAddress.Parse(address), 0))],
            Software = "Test server",
        });
        await using StunClient client = await StunClient.ConnectAsync(server.EndPoints[0].EndPoint.ToString());

        StunBinding binding = await client.BindAsync();

        Assert.Equal(client.Local, binding.Mapped);
        Assert.Equal(client.Local, binding.Local);
        Assert.Equal(server.EndPoints[0].EndPoint, binding.Server);
        Assert.Equal(StunTransport.Udp, binding.Transport);
        Assert.False(binding.IsNatted);
        Assert.Equal("Test server", binding.Software);
        Assert.Null(binding.Other);
        Assert.True(binding.Attempts > 1 || binding.RoundTripTime is not null);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AnswerFromAnotherSource_IsIgnored()
    {
        using var intruder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await using var server = new ScriptedUdpServer((request, from) =>
        {
            intruder.SendTo(Wire.Success(request, Elsewhere), from);
            return [Wire.Success(request, from)];
        });
        await using StunClient client = await ConnectAsync(server.Reference);

        StunBinding binding = await client.BindAsync();

        Assert.Equal(client.Local, binding.Mapped);
        Assert.Equal(1, binding.Attempts);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AnswersThatDoNotBelongToTheRequest_AreIgnored()
    {
        await using var server = new ScriptedUdpServer((request, from) =>
        [
            [],
            [0],
            request,
            Wire.Success(Wire.Request(), Elsewhere),
            Wire.Request(@class: StunClass.Indication),
            Wire.Success(request, Elsewhere)[..31],
            WrongFingerprint(request),
            OtherMethod(request),
            Wire.WithLength(Wire.Success(request, Elsewhere), 65532),
            Wire.Success(request, from),
            Wire.Success(request, Elsewhere),
        ]);
        await using StunClient client = await ConnectAsync(server.Reference);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_OldAnswerAgain_IsDropped()
    {
        byte[]? old = null;
        await using var server = new ScriptedUdpServer((request, from) =>
        {
            byte[][] answers = old is null ? [Wire.Success(request, Elsewhere)] : [old, old, Wire.Success(request, from)];
            old ??= answers[0];
            return answers;
        });
        await using StunClient client = await ConnectAsync(server.Reference);

        Assert.Equal(Elsewhere, (await client.BindAsync()).Mapped);
        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_MappedAddressInBothForms_TakesTheXoredOne()
    {
        await using var server = new ScriptedUdpServer(static (request, from) =>
        [
            Wire.Respond(request, StunClass.SuccessResponse, (ref StunMessageWriter writer) =>
            {
                writer.AddMappedAddress(TransportAddress.FromIPEndPoint(Elsewhere));
                writer.AddXorMappedAddress(TransportAddress.FromIPEndPoint(from));
            }),
        ]);
        await using StunClient client = await ConnectAsync(server.Reference);

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_MappedAddressInTheClearOnly_TakesIt()
    {
        await using var server = new ScriptedUdpServer(static (request, _) =>
        [
            Wire.Respond(request, StunClass.SuccessResponse, (ref StunMessageWriter writer) =>
            {
                writer.AddMappedAddress(TransportAddress.FromIPEndPoint(Elsewhere));
                writer.AddOtherAddress(TransportAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 3479)));
            }),
        ]);
        await using StunClient client = await ConnectAsync(server.Reference);

        StunBinding binding = await client.BindAsync();

        Assert.Equal(Elsewhere, binding.Mapped);
        Assert.True(binding.IsNatted);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 3479), binding.Other);
    }

    public static TheoryData<string, StunFailure, int> BadAnswers => new()
    {
        { "success-without-mapped-address", StunFailure.BadAnswer, 0 },
        { "success-with-unknown-required-attribute", StunFailure.BadAnswer, 0 },
        { "error-without-code", StunFailure.BadAnswer, 0 },
        { "error-300", StunFailure.ErrorResponse, 300 },
        { "error-400", StunFailure.ErrorResponse, 400 },
        { "error-401", StunFailure.AuthenticationFailed, 401 },
        { "error-420", StunFailure.ErrorResponse, 420 },
        { "error-438", StunFailure.ErrorResponse, 438 },
        { "error-500", StunFailure.ErrorResponse, 500 },
        { "error-699", StunFailure.ErrorResponse, 699 },
    };

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(BadAnswers))]
    public async Task Bind_AnswerOfNoUse_SaysWhy(string answer, StunFailure failure, int code)
    {
        await using var server = new ScriptedUdpServer((request, from) => [BadAnswer(answer, request, from)]);
        await using StunClient client = await ConnectAsync(server.Reference);

        StunException error = await Assert.ThrowsAsync<StunException>(() => client.BindAsync());

        Assert.Equal(failure, error.Failure);
        Assert.Equal(code == 0 ? null : (StunErrorCode)code, error.ErrorCode);
        Assert.Contains(server.EndPoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
        Assert.Single(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_SilentServer_GivesUpAfterSevenRequests()
    {
        await using var server = ScriptedUdpServer.Silent();
        await using StunClient client = await ConnectAsync(server.Reference);

        StunException error = await Assert.ThrowsAsync<StunException>(() => _time.RunAsync(client.BindAsync()));
        await WaitForRequestsAsync(server, 7);

        Assert.Equal(StunFailure.NoAnswer, error.Failure);
        Assert.Contains("7 requests", error.Message, StringComparison.Ordinal);
        Assert.Contains("39.5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(39.5), _time.Elapsed);
        Assert.Single(server.Requests.Select(request => Wire.Id(request)).Distinct());
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_FirstRequestLost_SecondIsAnsweredWithoutRoundTripTime()
    {
        int count = 0;
        await using var server = new ScriptedUdpServer((request, from) => ++count == 1 ? [] : [Wire.Success(request, from)]);
        await using StunClient client = await ConnectAsync(server.Reference);

        Task<StunBinding> task = client.BindAsync();
        await server.Received.WaitAsync();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        StunBinding binding = await task;

        Assert.Equal(2, binding.Attempts);
        Assert.Null(binding.RoundTripTime);
        Assert.Equal(TimeSpan.FromMilliseconds(500), binding.Elapsed);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_NobodyListens_IsUnreachableOnlyAfterTheLastRequest()
    {
        using var vacant = new DeadPort(ProtocolType.Udp);
        await using StunClient client = await ConnectAsync(StunServerReference.Parse(vacant.Address));

        StunException error = await Assert.ThrowsAsync<StunException>(() => _time.RunAsync(client.BindAsync()));

        Assert.Equal(StunFailure.Unreachable, error.Failure);
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(31.5), TimeSpan.FromSeconds(39.5));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_ServerComesUpAfterRefusals_IsAnswered()
    {
        // An address of this test alone: nobody else takes the port meanwhile.
        IPEndPoint vacant;
        await using (var gone = new ScriptedUdpServer(static (_, _) => [], IPAddress.Parse("127.0.77.3")))
        {
            vacant = gone.EndPoint;
        }

        await using StunClient client = await ConnectAsync(StunServerReference.Parse(vacant.ToString()));
        Task<StunBinding> task = client.BindAsync();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await using var server = new ScriptedUdpServer(static (request, from) => [Wire.Success(request, from)], vacant.Address, vacant.Port);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(client.Local, (await task).Mapped);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_AfterAFailure_IsANewTransaction()
    {
        bool broken = true;
        await using var server = new ScriptedUdpServer(
            (request, from) => broken ? [Wire.Error(request, StunErrorCode.ServerError)] : [Wire.Success(request, from)]);
        await using StunClient client = await ConnectAsync(server.Reference);
        await Assert.ThrowsAsync<StunException>(() => client.BindAsync());
        broken = false;

        Assert.Equal(client.Local, (await client.BindAsync()).Mapped);
        Assert.Equal(2, server.Requests.Select(request => Wire.Id(request)).Distinct().Count());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Request_Options_AddSoftwareAndFingerprint()
    {
        await using var server = ScriptedUdpServer.Plain();
        await using StunClient client = await StunClient.ConnectAsync(
            server.Reference,
            new StunClientOptions { Software = "Tester", Fingerprint = true, TimeProvider = _time });

        await client.BindAsync();

        Assert.True(server.Requests.TryPeek(out byte[]? request));
        Assert.Equal(StunDecodeStatus.Ok, StunMessage.Decode(request, out StunMessage message));
        Assert.True(message.HasFingerprint && Fingerprint.Verify(message));
        Assert.Equal(StunAttributeStatus.Present, message.ReadSoftware(out ReadOnlySpan<byte> software));
        Assert.True(software.SequenceEqual("Tester"u8));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Bind_Defaults_SendTwentyBytes()
    {
        await using var server = ScriptedUdpServer.Plain();
        await using StunClient client = await ConnectAsync(server.Reference);

        await client.BindAsync();

        Assert.Equal(20, Assert.Single(server.Requests).Length);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Connect_LocalEndPointInUse_SaysSo()
    {
        await using var server = ScriptedUdpServer.Plain();
        await using var occupant = ScriptedUdpServer.Plain();

        StunException error = await Assert.ThrowsAsync<StunException>(
            () => StunClient.ConnectAsync(server.Reference, new StunClientOptions { Local = occupant.EndPoint }));

        Assert.Equal(StunFailure.LocalAddress, error.Failure);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("::1")]
    [InlineData("192.0.2.77")]
    public async Task Connect_LocalAddressOfNoUse_SaysSo(string local)
    {
        await using var server = ScriptedUdpServer.Plain();

        StunException error = await Assert.ThrowsAsync<StunException>(
            () => StunClient.ConnectAsync(server.Reference, new StunClientOptions { Local = new IPEndPoint(IPAddress.Parse(local), 0) }));

        Assert.Equal(StunFailure.LocalAddress, error.Failure);
    }

    private static byte[] BadAnswer(string answer, byte[] request, IPEndPoint from) => answer switch
    {
        "success-without-mapped-address" => Wire.Respond(request, StunClass.SuccessResponse, null),
        "success-with-unknown-required-attribute" => Wire.Respond(request, StunClass.SuccessResponse, (ref StunMessageWriter writer) =>
        {
            writer.AddXorMappedAddress(TransportAddress.FromIPEndPoint(from));
            writer.AddUInt32((StunAttributeType)0x7777, 1);
        }),
        "error-without-code" => Wire.Respond(request, StunClass.ErrorResponse, null),
        _ => Wire.Error(request, (StunErrorCode)int.Parse(answer.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static byte[] WrongFingerprint(byte[] request)
    {
        byte[] answer = Wire.Respond(request, StunClass.SuccessResponse, static (ref StunMessageWriter writer) =>
        {
            writer.AddXorMappedAddress(TransportAddress.FromIPEndPoint(Elsewhere));
            writer.AddFingerprint();
        });
        answer[^1] ^= 1;
        return answer;
    }

    private static byte[] OtherMethod(byte[] request)
    {
        byte[] answer = Wire.Success(request, Elsewhere);
        answer[1] = 0x03;
        return answer;
    }

    private static async Task WaitForRequestsAsync(ScriptedUdpServer server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await server.Received.WaitAsync();
        }
    }

    private Task<StunClient> ConnectAsync(StunServerReference server)
        => StunClient.ConnectAsync(server, new StunClientOptions { TimeProvider = _time });
}
