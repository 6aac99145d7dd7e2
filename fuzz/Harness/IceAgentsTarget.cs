using Stack.Fuzz.Sessions;

namespace Stack.Fuzz;

/// <summary>Two ICE agents and the wire between them: a script of what becomes of packets; nothing forged is believed, and peace connects.</summary>
internal sealed class IceAgentsTarget : IFuzzTarget
{
    private readonly AgentPairScript _script = new();

    public long Accepted => _script.Accepted;

    public string? Run(byte[] input) => _script.Run(input);

    public void Dispose()
    {
        // Agents live as long as their script.
    }
}
