using System;
using System.Runtime.InteropServices;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

public sealed class NativeHeapTests
{
    private const int Pieces = 4000;
    private const int Size = 16 * 1024;

    [RequiresFact(Requirement.Glibc)]
    public void Trim_AfterMuchWasFreed_GivesItBack()
    {
        nint[] pieces = new nint[Pieces];
        nint[] pins = new nint[Pieces];
        for (int i = 0; i < Pieces; i++)
        {
            pieces[i] = Marshal.AllocHGlobal(Size);
            Marshal.Copy(new byte[Size], 0, pieces[i], Size);

            // Between them lies what stays, so that the C library does not give them back by itself.
            pins[i] = Marshal.AllocHGlobal(64);
        }

        Array.ForEach(pieces, Marshal.FreeHGlobal);
        long before = Environment.WorkingSet;

        NativeHeap.Trim();

        long returned = before - Environment.WorkingSet;
        Array.ForEach(pins, Marshal.FreeHGlobal);
        Assert.True(returned >= Pieces * Size / 4, $"{returned} bytes");
    }
}
