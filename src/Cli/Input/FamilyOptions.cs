using System.CommandLine;
using System.Net.Sockets;

namespace Stack.Cli;

/// <summary><c>-4</c> and <c>-6</c>.</summary>
internal sealed class FamilyOptions
{
    private readonly Option<bool> _ipv4 = new("--ipv4", "-4") { Description = "Use IPv4 only." };
    private readonly Option<bool> _ipv6 = new("--ipv6", "-6") { Description = "Use IPv6 only." };

    public void AddTo(Command command)
    {
        command.Add(_ipv4);
        command.Add(_ipv6);
    }

    /// <summary>The family that is asked for, by these options or by the local address.</summary>
    public AddressFamily Read(ParseResult parsed, AddressFamily? local)
    {
        bool ipv4 = parsed.GetValue(_ipv4);
        bool ipv6 = parsed.GetValue(_ipv6);
        if (ipv4 && ipv6)
        {
            throw CommandException.Usage("-4 and -6 exclude each other.", "Leave both away for whatever works.");
        }

        AddressFamily family = ipv4 ? AddressFamily.InterNetwork : ipv6 ? AddressFamily.InterNetworkV6 : local ?? AddressFamily.Unspecified;
        if (local is { } given && given != family)
        {
            throw CommandException.Usage("--local is of the other address family than -4 or -6 says.", "Leave one of the two away.");
        }

        return family;
    }
}
