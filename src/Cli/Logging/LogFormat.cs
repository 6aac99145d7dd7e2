namespace Stack.Cli;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>For people: time, level, class, source, message, and fields as <c>name=value</c>.</summary>
    Text,

    /// <summary>For programs: one JSON object a line.</summary>
    Json,
}
