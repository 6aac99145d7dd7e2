using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;

namespace Stack.Cli;

/// <summary>
/// Standard output by its descriptor. The console's own stream hides that the reader has gone, and a file stream keeps a position of its own,
/// so that a shell's next command would write over the answer.
/// </summary>
internal sealed class DescriptorStream(int descriptor) : Stream
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int TryAgainOnMac = 35;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        while (count > 0)
        {
            nint written = Write(descriptor, ref buffer[offset], count);
            if (written < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error is Interrupted or TryAgain or TryAgainOnMac)
                {
                    continue;
                }

                throw new IOException(new Win32Exception(error).Message, error);
            }

            offset += (int)written;
            count -= (int)written;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

#pragma warning disable SYSLIB1054 // Every parameter is blittable: there is nothing to generate.
    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int descriptor, ref byte buffer, nint count);
#pragma warning restore SYSLIB1054
}
