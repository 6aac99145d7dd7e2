using System;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Transport;

namespace Stack.Soak;

/// <summary>A client that comes and goes: a session of a few seconds, packets there and back, then the next one.</summary>
internal static class HonestClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // 500 clients begin some thirty sessions a second by this.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    public static async Task RunAsync(int index, SoakTarget target, IPEndPoint peer, SoakTally tally, CancellationToken over)
    {
        var credential = new LongTermCredential($"user{index}", $"password{index}");
        while (!over.IsCancellationRequested)
        {
            bool tcp = RandomNumberGenerator.GetInt32(5) == 0;
            var options = new TurnClientOptions
            {
                Transport = tcp ? StunTransport.Tcp : StunTransport.Udp,
                Local = new IPEndPoint(SoakTarget.AddressOf(index), 0),
            };
            try
            {
                var client = new TurnClient(StunServerReference.Parse((tcp ? target.Tcp : target.Udp).ToString()), credential, options);
                TurnAllocation relay = await client
                    .AllocateAsync(new TurnAllocationOptions { BindsChannels = RandomNumberGenerator.GetInt32(2) == 0 }, CancellationToken.None)
                    .ConfigureAwait(false);
                await using (relay.ConfigureAwait(false))
                {
                    await relay.PermitAsync(peer, CancellationToken.None).ConfigureAwait(false);
                    await TalkAsync(relay, peer, RandomNumberGenerator.GetInt32(20, 400), tally, over).ConfigureAwait(false);
                }

                tally.CountSession();
            }
            catch (TurnException error)
            {
                tally.CountFailure(error.Message);
            }
        }
    }

    private static async Task TalkAsync(TurnAllocation relay, IPEndPoint peer, int packets, SoakTally tally, CancellationToken over)
    {
        byte[] payload = new byte[RandomNumberGenerator.GetInt32(1, 1200)];
        byte[] buffer = new byte[2048];
        for (int i = 0; i < packets && !over.IsCancellationRequested; i++)
        {
            RandomNumberGenerator.Fill(payload);
            tally.CountSent();
            await relay.SendAsync(payload, peer, CancellationToken.None).ConfigureAwait(false);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                TurnDatagram echo = await relay.ReceiveAsync(buffer, patience.Token).ConfigureAwait(false);
                if (!buffer.AsSpan(0, echo.Length).SequenceEqual(payload))
                {
                    tally.CountFailure("another payload came back");
                }
            }
            catch (OperationCanceledException)
            {
                tally.CountLost();
            }

            await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
