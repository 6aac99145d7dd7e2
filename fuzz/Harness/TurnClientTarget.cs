using Stack.Fuzz.Model;

namespace Stack.Fuzz;

/// <summary>The TURN client: a script of what a server sends, of commands and time; nothing is believed that must not be, and everything ends.</summary>
internal sealed class TurnClientTarget : IFuzzTarget
{
    private readonly TurnClientScript _script = new();

    public long Accepted => _script.Accepted;

    public string? Run(byte[] input) => _script.Run(input);

    public void Dispose() => _script.Dispose();
}
