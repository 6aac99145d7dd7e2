using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Stack.TestKit;

namespace Stack.Interop.Tests;

/// <summary><c>stackcli serve</c> as the STUN and TURN server of an <see cref="IceLab"/> that was made without coturn.</summary>
internal static class IceLabServer
{
    /// <summary>Starts it; the caller disposes it. Private peers stay refused, the documentation networks that the lab is made of are allowed.</summary>
    public static Task<LabProcess> StartAsync(IceLab lab)
    {
        string port = IceLab.Port.ToString(CultureInfo.InvariantCulture);
        string address4 = lab.Network.Server.Address.ToString();
        string address6 = lab.Network.Server.Addresses6.First().ToString();
        return StackCliRun.ServeAsync(
            lab.Network.Server,
            [
                "--listen", $"udp://{address4}:{port}", "--listen", $"tcp://{address4}:{port}",
                "--listen", $"udp://[{address6}]:{port}", "--listen", $"tcp://[{address6}]:{port}",
                "--relay-address", address4, "--relay-address", address6,
                "--realm", "example.org", "--user", $"{IceLab.User}:{IceLab.Password}",
                "--allow-peer", "203.0.113.0/24", "--allow-peer", "198.51.100.0/24", "--allow-peer", "2001:db8::/32",
            ]);
    }
}
