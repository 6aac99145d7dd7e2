using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace Stack.Transport;

/// <summary>What the resolver said about one host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Addresses">Its addresses, cleaned, in the resolver's order.</param>
/// <param name="IsInconclusive">True where the resolver could not tell, or not in time.</param>
/// <param name="Account">What came back, for messages.</param>
internal sealed record HostAddresses(string Host, IReadOnlyList<IPAddress> Addresses, bool IsInconclusive, string Account)
{
    public static HostAddresses FromAnswer(string host, IReadOnlyList<IPAddress> addresses)
    {
        List<IPAddress> clean = AddressOrder.Clean(addresses);
        string account = clean.Count > 0 ? $"{clean.Count} addresses" : addresses.Count > 0 ? "no address that a server could have" : "no address";
        return new HostAddresses(host, clean, IsInconclusive: false, account);
    }

    public static HostAddresses FromError(string host, SocketError error) => error is SocketError.HostNotFound or SocketError.NoData
        ? new HostAddresses(host, [], IsInconclusive: false, "no such host, or it has no address")
        : new HostAddresses(host, [], IsInconclusive: true, $"the resolver failed ({error})");

    public static HostAddresses FromSilence(string host) => new(host, [], IsInconclusive: true, "no answer in time");

    /// <summary>The addresses of one family, or with both families taking turns.</summary>
    public List<IPAddress> Order(AddressFamily family) => AddressOrder.Interleave(
        [.. Addresses.Where(address => family == AddressFamily.Unspecified || address.AddressFamily == family)]);
}
