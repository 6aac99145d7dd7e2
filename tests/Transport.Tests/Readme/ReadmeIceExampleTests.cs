using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Stack.Transport.Tests;

public sealed class ReadmeIceExampleTests
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task IceExample_Run_SaysHello()
    {
        using var output = new StringWriter();
        await ReadmeIceExample.RunAsync(IcePairOfPeers.Loopback, output, CancellationToken.None);

        // A check may come before the candidate that it comes from.
        Assert.Contains(output.ToString().Trim(), new[] { "hello over Host", "hello over PeerReflexive" });
    }
}
