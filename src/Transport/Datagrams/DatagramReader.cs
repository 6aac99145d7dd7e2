namespace Stack.Transport;

/// <summary>The owner of a socket that a <see cref="DatagramPoller"/> watches. Called on the thread of the loop.</summary>
internal abstract class DatagramReader
{
    /// <summary>Something can be read: one batch of it is taken, then it is another socket's turn; what is left is reported again.</summary>
    /// <param name="hasErrors">Whether <see cref="DatagramPort.TryReadIcmp"/> has something to tell.</param>
    public abstract void OnReadable(bool hasErrors);

    /// <summary>Datagrams of others have left.</summary>
    /// <param name="datagrams">How many.</param>
    /// <param name="bytes">How many bytes of them the others had sent.</param>
    public abstract void OnRelayed(int datagrams, long bytes);

    /// <summary>The system has refused datagrams; they are lost.</summary>
    /// <param name="datagrams">How many.</param>
    public abstract void OnUnsent(int datagrams);
}
