using Stack.TestKit;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void PublicApi_Transport_IsTheAcceptedOne() => PublicApiBaseline.Verify(typeof(StunClient).Assembly, "src/Transport");
}
