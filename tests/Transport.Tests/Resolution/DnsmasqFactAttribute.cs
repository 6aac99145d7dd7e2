using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>A test against dnsmasq (Debian package dnsmasq-base); skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DnsmasqFactAttribute : FactAttribute
{
    private static readonly string[] Places = ["/usr/sbin/dnsmasq", "/usr/bin/dnsmasq", "/usr/local/sbin/dnsmasq"];

    public DnsmasqFactAttribute() => Skip = Path is null ? "needs dnsmasq (Debian package dnsmasq-base)" : null;

    public static string? Path => Places.FirstOrDefault(File.Exists);
}
