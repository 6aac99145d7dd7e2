using System;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace Stack.Stun.Tests;

public sealed class UnicodeNormalizationTests
{
    [Fact]
    public void Normalization_OfThisProcess_IsTrustworthy() =>
        Assert.True(UnicodeNormalization.IsTrustworthy(static (text, form) => text.Normalize(form)));

    [Fact]
    public void Normalization_ReturningItsInputOrOneFormOrThrowing_IsNotTrustworthy()
    {
        Assert.False(UnicodeNormalization.IsTrustworthy(static (text, _) => text));
        Assert.False(UnicodeNormalization.IsTrustworthy(static (text, _) => text.Normalize(NormalizationForm.FormC)));
        Assert.False(UnicodeNormalization.IsTrustworthy(static (_, _) => throw new PlatformNotSupportedException()));
    }

    // The mode is fixed when a process starts, so that only another process can show what it does.
    [Fact]
    public void Preparation_InGlobalizationInvariantProcess_RefusesWhatItCannotNormalize()
    {
        string assembly = typeof(UnicodeNormalizationTests).Assembly.Location;
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "exec", assembly },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
                ["DOTNET_STARTUP_HOOKS"] = assembly,
                [StartupHook.Trigger] = "1",
            },
        };
        process.Start();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(120)));
        Assert.Equal(
            "opaque ascii Success\nopaque space Success\nopaque accent NormalizationUnavailable\n"
            + "sasl ascii Success\nsasl space Success\nsasl accent NormalizationUnavailable\n"
            + "control Disallowed\n",
            output.ReplaceLineEndings("\n"));
    }
}
