using Stack.Stun;
using Stack.Transport;

namespace Stack.Signaling.Server;

/// <summary>Says in the log what happens to peers. The name of a session is a secret of those in it, and what peers call themselves is theirs: neither is written.</summary>
internal static class SignalingJournal
{
    public static void Write(ServerJournal journal, in SignalingEvent happened, TransportAddress? source)
    {
        switch (happened.Kind)
        {
            case SignalingEventKind.Joined:
                Write(journal, happened, source, "Peer joined.");
                break;
            case SignalingEventKind.Resumed:
                Write(journal, happened, source, "Peer came back.");
                break;
            case SignalingEventKind.Left:
                Write(journal, happened, source, "Peer left.");
                break;
            case SignalingEventKind.Closed:
                journal.Write(new ServerLogRecord(ServerLogLevel.Information, "signaling-closed", "Connection closed by the server.")
                {
                    Source = source,
                    Fields = [new("connection", happened.Connection.Value), new("code", happened.CloseCode)],
                });
                break;
            case SignalingEventKind.ProcessAppeared:
                journal.Write(ServerLogLevel.Information, "signaling-process", "Another process serves the same sessions.", null, new ServerLogField("process", happened.Process));
                break;
            case SignalingEventKind.ProcessLost:
                journal.Write(ServerLogLevel.Warning, "signaling-process", "A process with the same sessions is gone, and its peers with it.", null, new ServerLogField("process", happened.Process));
                break;
        }
    }

    private static void Write(ServerJournal journal, in SignalingEvent happened, TransportAddress? source, string message)
        => journal.Write(new ServerLogRecord(ServerLogLevel.Information, "signaling-peer", message)
        {
            Source = source,
            Fields = [new("connection", happened.Connection.Value), new("peer", happened.PeerId), new("dialect", happened.Dialect.ToString())],
        });
}
