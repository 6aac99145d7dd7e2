using System;
using System.IO;

namespace Stack.Cli;

/// <summary>The answer cannot be written: the reader has gone, or the disk is full.</summary>
internal sealed class OutputClosedException(IOException inner) : Exception(inner.Message, inner)
{
    private const int BrokenPipe = 32;

    /// <summary>Whether the reader has gone, which is its right and needs no words.</summary>
    public bool IsBrokenPipe => (InnerException!.HResult & 0xFFFF) == BrokenPipe;
}
