using System.Collections.Generic;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Stack.Transport;

/// <summary>The addresses of this machine that servers listen on.</summary>
internal static class ListenAddresses
{
    public static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>
    /// The endpoint itself, or for the unspecified address one for each address that there is: answers must leave from where requests arrived.
    /// </summary>
    /// <exception cref="SocketException">There is no address of the family.</exception>
    public static List<IPEndPoint> Expand(IPEndPoint endPoint)
    {
        if (!IsAny(endPoint.Address))
        {
            return [endPoint];
        }

        var all = new List<IPEndPoint>();
        foreach (IPAddress address in GetAll())
        {
            if (address.AddressFamily == endPoint.AddressFamily)
            {
                all.Add(new IPEndPoint(address, endPoint.Port));
            }
        }

        return all.Count != 0 ? all : throw new SocketException((int)SocketError.AddressNotAvailable);
    }

    /// <summary>All addresses of the interfaces that are up.</summary>
    public static List<IPAddress> GetAll()
    {
        var all = new List<IPAddress>();
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown))
            {
                continue;
            }

            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                all.Add(unicast.Address);
            }
        }

        return all;
    }
}
