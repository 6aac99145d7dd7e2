namespace Stack.Signaling.Server;

/// <summary>The way to the other processes with the same sessions. Called by the loop; never waits.</summary>
internal interface ISharedSessions
{
    /// <summary>Tells the others something, when they can be reached.</summary>
    void Publish(SharedMessage message);

    /// <summary>Learns what happened in the core: who needs a number, which sessions have peers here, which processes there are.</summary>
    void Handle(in SignalingEvent happened);
}
