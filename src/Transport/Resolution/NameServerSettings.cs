using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Stack.Transport;

/// <summary>Which name servers to ask, how long to wait for each, and how often to go round.</summary>
/// <param name="Servers">In the order to ask; at most <see cref="MaxServers"/> are used.</param>
/// <param name="Timeout">The longest wait for one server, before the budget of the lookup cuts it shorter.</param>
/// <param name="Attempts">Rounds over the servers, 1 to 5.</param>
internal sealed record NameServerSettings(IReadOnlyList<IPEndPoint> Servers, TimeSpan Timeout, int Attempts)
{
    public const int MaxServers = 3;

    private const int DnsPort = 53;
    private const int MaxFileLength = 64 * 1024;
    private const string ResolverFile = "/etc/resolv.conf";

    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
    public const int DefaultAttempts = 2;

    /// <summary>The host's settings as they are now; laptops move, so nobody keeps them.</summary>
    public static NameServerSettings ReadSystem()
    {
        if (!OperatingSystem.IsWindows() && TryReadFile(ResolverFile) is { } text)
        {
            NameServerSettings settings = Parse(text);
            if (settings.Servers.Count > 0)
            {
                return settings;
            }
        }

        return new NameServerSettings(ReadInterfaces(), DefaultTimeout, DefaultAttempts);
    }

    /// <summary>Reads the text of a resolv.conf; what it does not understand it skips, as C libraries do. The search list is ignored.</summary>
    public static NameServerSettings Parse(string text)
    {
        List<IPEndPoint> servers = [];
        TimeSpan timeout = DefaultTimeout;
        int attempts = DefaultAttempts;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && servers.Count < MaxServers && AddressLiteral.TryParse(address, out IPAddress server))
            {
                servers.Add(new IPEndPoint(server, DnsPort));
            }
            else if (words is ["options", .. var options])
            {
                foreach (string option in options)
                {
                    timeout = ReadOption(option, "timeout:", 30) is { } seconds ? TimeSpan.FromSeconds(seconds) : timeout;
                    attempts = ReadOption(option, "attempts:", 5) ?? attempts;
                }
            }
        }

        return new NameServerSettings(servers, timeout, attempts);
    }

    private static int? ReadOption(string option, string name, int maximum)
    {
        bool isNumber = option.StartsWith(name, StringComparison.Ordinal)
            & int.TryParse(option.AsSpan(Math.Min(name.Length, option.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int value);
        return isNumber ? Math.Clamp(value, 1, maximum) : null;
    }

    private static string? TryReadFile(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            char[] buffer = new char[MaxFileLength];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<IPEndPoint> ReadInterfaces()
    {
        List<IPEndPoint> servers = [];
        try
        {
            foreach (NetworkInterface card in NetworkInterface.GetAllNetworkInterfaces())
            {
                if (card.OperationalStatus != OperationalStatus.Up || card.NetworkInterfaceType == NetworkInterfaceType.Loopback)
                {
                    continue;
                }

                foreach (IPAddress address in card.GetIPProperties().DnsAddresses)
                {
                    // Windows lists fec0:0:0:ffff::1 to ::3 where nothing is configured.
                    IPEndPoint server = new(address, DnsPort);
                    if (!address.IsIPv6SiteLocal && servers.Count < MaxServers && !servers.Contains(server))
                    {
                        servers.Add(server);
                    }
                }
            }
        }
        catch (Exception error) when (error is NetworkInformationException or SocketException or PlatformNotSupportedException)
        {
            return servers;
        }

        return servers;
    }
}
