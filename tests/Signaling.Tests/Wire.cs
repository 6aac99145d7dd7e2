using System.Net;
using Stack.Stun;

namespace Stack.Signaling.Tests;

internal static class Wire
{
    public static TransportAddress Address(string text) => TransportAddress.FromIPEndPoint(IPEndPoint.Parse(text));
}
