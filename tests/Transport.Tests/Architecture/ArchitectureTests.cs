using System;
using System.IO;
using System.Linq;
using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void PublicApi_Transport_IsTheAcceptedOne() => PublicApiBaseline.Verify(typeof(StunClient).Assembly, "src/Transport");

    // What the compiler does not check is in one folder, where the system is called.
    [Theory]
    [InlineData("unsafe ")]
    [InlineData("LibraryImport(")]
    [InlineData("DllImport(")]
    public void Source_OutsideTheFolderOfSystemCalls_DoesWithout(string text)
        => Assert.DoesNotContain(
            RepositoryFiles.Sources("src/Transport").Where(static path => !path.Replace('\\', '/').Contains("/Datagrams/Linux/", StringComparison.Ordinal)),
            path => File.ReadAllText(path).Contains(text, StringComparison.Ordinal));
}
