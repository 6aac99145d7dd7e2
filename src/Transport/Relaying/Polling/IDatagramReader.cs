namespace Stack.Transport;

/// <summary>The owner of a socket that a <see cref="DatagramPoller"/> watches.</summary>
internal interface IDatagramReader
{
    /// <summary>The most datagrams taken from one socket before it is another one's turn.</summary>
    const int Burst = 64;

    /// <summary>Something can be read: at most <see cref="Burst"/> datagrams and errors of each are taken; what is left is reported again.</summary>
    void OnReadable();
}
