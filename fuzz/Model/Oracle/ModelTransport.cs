namespace Stack.Fuzz.Model;

/// <summary>What is between client and server.</summary>
internal enum ModelTransport
{
    Udp,
    Tcp,
    Tls,
}
