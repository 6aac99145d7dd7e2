using System.Collections.Generic;
using static Stack.Fuzz.Model.ModelViolationException;

namespace Stack.Fuzz.Model;

/// <summary>
/// All that the server put out on one input. The model takes out of it what it expects; what is left at the end nobody asked for. Where the
/// server is free to choose - ports, tokens, ids, nonces - the model reads its choice here and judges it.
/// </summary>
internal sealed class Observation
{
    public List<SocketCall> Calls { get; } = [];

    public List<ModelCommand> Commands { get; } = [];

    public List<(ModelTuple Path, byte[] Message)> Transmits { get; } = [];

    public List<ModelEvent> Events { get; } = [];

    /// <summary>The reply; null for none.</summary>
    public byte[]? Reply { get; set; }

    public void Clear()
    {
        Calls.Clear();
        Commands.Clear();
        Transmits.Clear();
        Events.Clear();
        Reply = null;
    }

    public SocketCall? PeekCall() => Calls.Count > 0 ? Calls[0] : null;

    public SocketCall TakeCall(SocketCallKind kind)
    {
        Require(Calls.Count > 0 && Calls[0].Kind == kind, $"expected {kind}, saw {PeekCall()?.ToString() ?? "nothing"}");
        SocketCall call = Calls[0];
        Calls.RemoveAt(0);
        return call;
    }

    public void TakeClose(long relay)
    {
        int at = Calls.FindIndex(call => call.Kind == SocketCallKind.Close && call.Id == relay);
        Require(at >= 0, $"relay socket {relay} is not closed");
        Calls.RemoveAt(at);
    }

    public void TakeCommand(ModelCommand command)
        => Require(Commands.Remove(command), $"no command {command}; there are {string.Join("; ", Commands)}");

    public void TakeEvent(ModelEvent happened)
    {
        int at = Events.FindIndex(happened.IsSameAs);
        Require(at >= 0, $"no event {happened}; there are {string.Join("; ", Events)}");
        Events.RemoveAt(at);
    }

    public void TakeTransmit(ModelTuple path, ExpectedMessage message)
    {
        int at = Transmits.FindIndex(sent => sent.Path == path && message.Matches(sent.Message));
        Require(at >= 0, $"no message {message} to {path}; there are {Transmits.Count}");
        Transmits.RemoveAt(at);
    }

    public void RequireEmpty()
    {
        Require(Calls.Count == 0, $"socket call without a cause: {PeekCall()}");
        Require(Commands.Count == 0, $"command without a cause: {string.Join("; ", Commands)}");
        Require(Transmits.Count == 0, "message without a cause");
        Require(Events.Count == 0, $"event without a cause: {string.Join("; ", Events)}");
    }
}
