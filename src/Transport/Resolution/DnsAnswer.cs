using System;
using System.Collections.Generic;

namespace Stack.Transport;

/// <summary>What a DNS lookup brought: a status, the records, and a line for people.</summary>
public sealed class DnsAnswer
{
    /// <summary>Makes an answer; for programs that bring their own <see cref="IDnsClient"/>.</summary>
    /// <param name="status">How the lookup ended.</param>
    /// <param name="records">The records, in the order of the answer; owned by the answer from here on. Empty unless <see cref="DnsAnswerStatus.Found"/>.</param>
    /// <param name="detail">Who was asked and what came back, for messages; may be empty.</param>
    /// <exception cref="ArgumentException">Records and status contradict each other.</exception>
    public DnsAnswer(DnsAnswerStatus status, IReadOnlyList<DnsRecord> records, string detail)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(detail);
        if (status == DnsAnswerStatus.Found != records.Count > 0)
        {
            throw new ArgumentException("Found, and only Found, comes with records.", nameof(records));
        }

        Status = status;
        Records = records;
        Detail = detail;
    }

    /// <summary>How the lookup ended.</summary>
    public DnsAnswerStatus Status { get; }

    /// <summary>The usable records of the type asked for, at most 32; empty unless the status is <see cref="DnsAnswerStatus.Found"/>.</summary>
    public IReadOnlyList<DnsRecord> Records { get; }

    /// <summary>Who was asked and what came back, in one line of English; holds no text from the network.</summary>
    public string Detail { get; }
}
