using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;
using Stack.Turn;

namespace Stack.Transport;

/// <summary>
/// Serves the TCP and TLS connections of one kind of listener. Whatever goes wrong ends one connection and no other.
/// </summary>
internal sealed class TurnStreamService(StreamSecurity security, TurnStreamSharing sharing) : IStreamService
{
    private const byte TlsHandshake = 0x16;

    public TurnConnectionLimits Limits => sharing.Limits;

    public TimeProvider TimeProvider => sharing.TimeProvider;

    public bool HasCredentials => sharing.HasCredentials;

    public bool AcceptsRfc5766Channels => sharing.AcceptsRfc5766Channels;

    public bool TryAdmit(TransportAddress remote) => sharing.TryEnter(remote);

    public void Release(TransportAddress remote) => sharing.Leave(remote);

    public void CountConnection(string outcome) => sharing.Metrics.CountConnection(outcome);

    public void LeaveUnauthenticated(TransportAddress remote) => sharing.LeaveUnauthenticated(remote);

    public RelayShard Choose(ReadOnlySpan<byte> firstMessage) => sharing.Choose(firstMessage);

    public async Task ServeAsync(Socket socket, TransportAddress remote, CancellationToken stopping)
    {
        using var connection = new TurnStreamConnection(this, remote, stopping);
        string outcome = "closed";
        try
        {
            outcome = await ServeAsync(socket, connection).ConfigureAwait(false);
        }
        catch (AuthenticationException)
        {
            outcome = "tls-failed";
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            outcome = stopping.IsCancellationRequested ? "stopped" : connection.Reason ?? "reset";
        }
        catch (Exception error)
        {
            // A defect of ours that one peer brings to light ends its connection and must be seen.
            sharing.Metrics.CountFault();
            sharing.Journal.WriteFault(error);
            outcome = "failed";
        }

        if (!connection.IsAuthenticated)
        {
            sharing.LeaveUnauthenticated(remote);
        }

        CountConnection(outcome);
    }

    private async Task<string> ServeAsync(Socket socket, TurnStreamConnection connection)
    {
        socket.NoDelay = true;
        connection.Times.ExpectWithin(security == StreamSecurity.Plain ? Limits.FirstMessageTimeout : Limits.HandshakeTimeout);
        bool isTls = security == StreamSecurity.Tls
            || (security == StreamSecurity.ByFirstByte && await BeginsTlsAsync(socket, connection.Ending).ConfigureAwait(false));
        TransportAddress local = TransportAddress.FromIPEndPoint((IPEndPoint)socket.LocalEndPoint!).Unmapped;
        connection.Path = new FiveTuple(new ClientAddress(connection.Remote), local, isTls ? StunTransport.Tls : StunTransport.Tcp);
        Stream stream = new NetworkStream(socket, ownsSocket: false);
        await using (stream.ConfigureAwait(false))
        {
            if (isTls)
            {
                SslStreamCertificateContext certificate = sharing.Certificate ?? throw new AuthenticationException("There is no certificate.");
                stream = await ServerTls.AuthenticateAsync(stream, certificate, connection.Ending).ConfigureAwait(false);
            }

            await using (stream.ConfigureAwait(false))
            {
                connection.Times.ExpectWithin(Limits.FirstMessageTimeout);
                return await connection.RunAsync(new StreamEnds(stream, socket)).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> BeginsTlsAsync(Socket socket, CancellationToken ending)
    {
        byte[] first = new byte[1];
        return await socket.ReceiveAsync(first, SocketFlags.Peek, ending).ConfigureAwait(false) == 1 && first[0] == TlsHandshake;
    }
}
