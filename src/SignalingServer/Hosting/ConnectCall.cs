using System.Threading.Tasks;

namespace Stack.Signaling.Server;

/// <summary>The question whether a WebSocket may be opened: the answer is the socket, or why not.</summary>
internal sealed class ConnectCall(ConnectRequest request) : TaskCompletionSource<(SignalingSocket? Socket, SignalingRefusal? Refusal)>(
    TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ConnectRequest Request => request;
}
