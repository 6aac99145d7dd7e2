namespace Stack.Ice;

/// <summary>Keeps the transactions of all agents that share it 5 ms apart (RFC 8445 section 14.2). One loop owns it.</summary>
public sealed class CheckPacer
{
}
