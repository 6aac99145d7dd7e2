namespace Stack.Signaling;

/// <summary>Where the relay credentials of peers come from. Called from the core's loop; must not block.</summary>
public interface IRelayCredentials
{
    /// <summary>Makes the credentials of one peer.</summary>
    /// <param name="session">The name of the session.</param>
    /// <param name="peer">The peer. Its name and handle were chosen by the peer itself.</param>
    /// <returns>The servers; <see cref="RelayServers.None"/> where there are none.</returns>
    RelayServers Issue(string session, SessionPeer peer);
}
