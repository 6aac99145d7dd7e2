namespace Stack.Turn;

/// <summary>Whether quotas leave room for an allocation.</summary>
internal enum AllocationAdmission : byte
{
    Admitted,
    UserQuotaReached,
    SourceQuotaReached,
    ServerFull,
}
