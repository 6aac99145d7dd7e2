using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Stack.TestKit;

/// <summary>Checks once per process which <see cref="Requirement"/>s this machine meets.</summary>
public static class MachineRequirements
{
    private const string PionSource = "/usr/share/gocode/src/github.com/pion/stun";
    private const string PionTurnSource = "/usr/share/gocode/src/github.com/pion/turn/v2";
    private const string PionIceSource = "/usr/share/gocode/src/github.com/pion/ice/v2";
    private const string AioiceModule = "/usr/lib/python3/dist-packages/aioice";

    private static readonly string NpmFolder = RepositoryFiles.PathOf("tests", "Interop.Tests", "npm");
    private static readonly string[] NodePackages = ["node-datachannel", "peerjs", "playwright-core", "ws"];

    private static readonly ConcurrentDictionary<Requirement, string?> Reasons = new();

    /// <summary>Says why a test with these requirements cannot run here.</summary>
    /// <returns>A sentence naming what is absent and the Debian package that brings it; null when nothing is.</returns>
    public static string? WhyNot(Requirement requirements)
    {
        List<string> reasons = Enum.GetValues<Requirement>()
            .Where(one => int.PopCount((int)one) == 1 && requirements.HasFlag(one))
            .Select(one => Reasons.GetOrAdd(one, Check))
            .OfType<string>()
            .ToList();
        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }

    private static string? Check(Requirement requirement) => requirement switch
    {
        Requirement.Root => Environment.IsPrivilegedProcess ? null : "needs root",
        Requirement.Namespaces => CheckNamespaces(),
        Requirement.Coturn => Program("turnserver", "coturn"),
        Requirement.CoturnUtils => Program("turnutils_natdiscovery", "coturn"),
        Requirement.VovidaStun => Program("stun", "stun-client"),
        Requirement.Go => Program("go", "golang-go")
            ?? (Directory.Exists(PionSource) ? null : "pion/stun is absent (Debian package golang-github-pion-stun-dev)"),
        Requirement.PionTurn => Program("go", "golang-go")
            ?? (Directory.Exists(PionTurnSource) ? null : "pion/turn is absent (Debian package golang-github-pion-turn.v2-dev)"),
        Requirement.PionIce => Program("go", "golang-go")
            ?? (Directory.Exists(PionIceSource) ? null : "pion/ice is absent (Debian package golang-github-pion-ice.v2-dev)"),
        Requirement.Aioice => Directory.Exists(AioiceModule) ? null : "aioice is absent (Debian package python3-aioice)",
        Requirement.Tshark => Program("tshark", "tshark"),
        Requirement.Dnsmasq => Program("dnsmasq", "dnsmasq-base"),
        Requirement.Redis => Program("redis-server", "redis-server"),
        Requirement.NodePackages => Program("node", "nodejs") ?? CheckNodePackages(),
        Requirement.Chromium => Program("chromium", "chromium"),
        Requirement.OpenSsl => Program("openssl", "openssl"),
        Requirement.Glibc => OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            ? null
            : "needs the GNU C library",
        Requirement.LinuxCalls => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            ? null
            : "needs Linux on x64 or arm64",
        _ => throw new ArgumentOutOfRangeException(nameof(requirement), requirement, message: null),
    };

    private static string? Program(string name, string package)
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        bool found = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
        return found ? null : $"{name} is absent (Debian package {package})";
    }

    private static string? CheckNodePackages()
    {
        string packages = Path.Combine(NpmFolder, "node_modules");
        return NodePackages.All(package => Directory.Exists(Path.Combine(packages, package)))
            ? null
            : $"packages are absent (npm install in {Path.GetRelativePath(RepositoryFiles.Root, NpmFolder)})";
    }

    // Being root does not suffice: containers often keep CAP_SYS_ADMIN or nf_tables away from it.
    private static string? CheckNamespaces()
    {
        if (Program("ip", "iproute2") is string noIp)
        {
            return noIp;
        }

        if (Program("nft", "nftables") is string noNft)
        {
            return noNft;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "needs network namespaces, which need root";
        }

        string name = $"stacklab-probe-{Environment.ProcessId}";
        string script =
            $"ip netns add {name} && ip netns exec {name} nft add table inet probe; code=$?; ip netns del {name}; exit $code";
        using Process probe = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        string error = probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0
            ? null
            : $"network namespaces with nftables do not work here: {error.ReplaceLineEndings(" ").Trim()}";
    }
}
