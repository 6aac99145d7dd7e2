using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>
/// What server processes with the same sessions tell each other: <see cref="SharedJoined"/>, <see cref="SharedGone"/>, <see cref="SharedSignal"/>,
/// <see cref="SharedReplaced"/>, <see cref="SharedAlive"/>, <see cref="SharedWanted"/>, <see cref="SharedSession"/>, <see cref="SharedSnapshot"/> or
/// <see cref="SharedEnded"/>. There are no others.
/// </summary>
/// <remarks>The caller carries each to all other processes, those of one process in the order in which they were handed out. A process ignores its own.</remarks>
/// <param name="Process">The process that says it.</param>
public abstract record SharedMessage(string Process)
{
    private protected abstract string Kind { get; }

    /// <summary>Reads a message. Never throws on what it reads.</summary>
    /// <param name="utf8">The message in UTF-8.</param>
    /// <param name="message">The message.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out SharedMessage? message)
    {
        message = null;
        using JsonDocument? document = StrictJson.ParseObject(utf8);
        if (document is null)
        {
            return false;
        }

        var reader = new MemberReader();
        SharedMessage? read = SharedReading.Read(reader, document.RootElement);
        message = reader.Ok ? read : null;
        return message is not null;
    }

    /// <summary>The message in UTF-8.</summary>
    public byte[] ToUtf8() => JsonText.Object(writer =>
    {
        writer.WriteString("kind"u8, Kind);
        writer.WriteString("process"u8, Process);
        Write(writer);
    });

    private protected abstract void Write(Utf8JsonWriter writer);
}
