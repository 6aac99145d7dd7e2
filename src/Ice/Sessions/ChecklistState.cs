namespace Stack.Ice;

/// <summary>The state of a checklist (RFC 8445 section 6.1.2.1).</summary>
internal enum ChecklistState : byte
{
    Running,
    Completed,
    Failed,
}
