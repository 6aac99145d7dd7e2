namespace Stack.Simulation;

internal enum PacketProtocol : byte
{
    Udp,
    Tcp,
    Icmp,
}
