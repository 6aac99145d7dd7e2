using System;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>One server and two clients without a NAT, for all tests of a class: programs that know no server find each other.</summary>
public sealed class OpenSessionLab : IAsyncLifetime
{
    private IceLab? _lab;
    private SessionServer? _server;

    internal SessionServer Server => _server ?? throw new InvalidOperationException();

    internal LabHost First => Lab.First;

    internal LabHost Second => Lab.Second;

    private IceLab Lab => _lab ?? throw new InvalidOperationException();

    public async Task InitializeAsync()
    {
        // Tests that will be skipped get their fixture all the same.
        if (MachineRequirements.WhyNot(Requirement.NatLab) is null)
        {
            _lab = await IceLab.CreateAsync(new IceLabOptions { First = NatKind.Open, Second = NatKind.Open, Coturn = false });
            _server = await SessionServer.StartAsync(_lab, "--signal-limit", "connects-per-second=100");
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }
}
