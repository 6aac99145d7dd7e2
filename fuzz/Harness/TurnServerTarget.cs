using Stack.Fuzz.Model;

namespace Stack.Fuzz;

/// <summary>The TURN server: a script of inputs and time steps, every output as its model says, and nothing left behind.</summary>
internal sealed class TurnServerTarget : IFuzzTarget
{
    private readonly TurnServerScript _script = new();

    public long Accepted => _script.Accepted;

    public string? Run(byte[] input) => _script.Run(input);

    public void Dispose() => _script.Dispose();
}
