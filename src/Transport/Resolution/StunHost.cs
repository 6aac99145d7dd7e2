using System;
using System.Globalization;
using System.Net;

namespace Stack.Transport;

/// <summary>The host of a server as its user named it: an address or a name.</summary>
/// <param name="Name">The name or the literal in ASCII, without brackets and trailing dot.</param>
/// <param name="Address">The address of a literal.</param>
internal sealed record StunHost(string Name, IPAddress? Address)
{
    private const int LongestText = 1024;

    /// <summary>Names that are no business of the DNS, or that cannot have a service below them.</summary>
    public bool CanHaveServiceRecords =>
        Address is null
        && Name.Contains('.')
        && !Name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        && !Name.EndsWith(".local", StringComparison.OrdinalIgnoreCase);

    public static StunHost Parse(string text)
    {
        bool isBracketed = text.Length > 2 && text[0] == '[' && text[^1] == ']';
        string bare = isBracketed ? text[1..^1] : text;
        if (AddressLiteral.TryParse(bare, out IPAddress address) && (!isBracketed || bare.Contains(':')))
        {
            return new StunHost(bare, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        }

        string name = ToAscii(text);
        name = name.EndsWith('.') ? name[..^1] : name;
        if (!DnsName.IsHostName(name) || DnsName.EndsInNumber(name))
        {
            throw new ArgumentException(
                "A host is a name (labels of 1 to 63 letters, digits and hyphens, 253 characters in all), a dotted quad such as 192.0.2.1, or an IPv6 address.",
                nameof(text));
        }

        return new StunHost(name, null);
    }

    private static string ToAscii(string text)
    {
        if (System.Text.Ascii.IsValid(text) || text.Length > LongestText)
        {
            return text;
        }

        try
        {
            return new IdnMapping().GetAscii(text);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
