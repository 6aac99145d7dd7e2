namespace Stack.Cli;

/// <summary>What the process ends with; scripts rely on it.</summary>
internal enum ExitCode
{
    /// <summary>The command did what it was asked to.</summary>
    Success = 0,

    /// <summary>The test ran and its answer is negative; also where the answer could not be written.</summary>
    Negative = 1,

    /// <summary>The command line, a file that it names, or the environment is not acceptable.</summary>
    Usage = 2,

    /// <summary>No answer came: timed out, blocked, or nobody there. Of a server: its port cannot be used.</summary>
    NoAnswer = 3,

    /// <summary>The name, the connection or TLS failed.</summary>
    Network = 4,

    /// <summary>The server refused the credentials, or asks for some.</summary>
    Authentication = 5,

    /// <summary>The server lacks what was asked for.</summary>
    Unsupported = 6,

    /// <summary>Ctrl-C, as shells number it.</summary>
    Interrupted = 130,
}
