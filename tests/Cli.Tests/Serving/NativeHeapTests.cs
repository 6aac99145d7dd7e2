using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary>Alone, so that what others take meanwhile is not counted.</summary>
[CollectionDefinition(nameof(NativeHeapTests), DisableParallelization = true)]
public sealed class NativeHeapTestsCollection;

[Collection(nameof(NativeHeapTests))]
public sealed class NativeHeapTests
{
    private const int Pieces = 4000;
    private const int Size = 16 * 1024;

    /// <summary>Less than the 64 MiB that one heap of a thread holds at most: a heap that is empty goes back whole.</summary>
    private const int EndPieces = 1600;

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

    [RequiresFact(Requirement.Glibc)]
    public void KeepLittle_WhereAThreadFreesTheEndOfItsHeap_GivesThatBack()
    {
        NativeHeap.KeepLittle();

        // By itself glibc takes a large block that is freed as a sign that twice as much is worth keeping. Of four at least one is mapped by itself, whatever is free.
        nint[] large = [.. Enumerable.Range(0, 4).Select(static _ => Marshal.AllocHGlobal(30 * 1024 * 1024))];
        Array.ForEach(large, Marshal.FreeHGlobal);

        // Of very many threads some share a heap, and what another one has taken there may lie behind the pieces: one that has the end for itself is enough.
        const int Attempts = 5;
        const long Enough = EndPieces * Size / 2;
        long returned = 0;
        for (int attempt = 0; attempt < Attempts && returned < Enough; attempt++)
        {
            returned = Math.Max(returned, MeasureReturned());
        }

        Assert.True(returned >= Enough, $"{returned} bytes");
    }

    /// <summary>What the process gives back where a thread frees the end of its heap.</summary>
    private static long MeasureReturned()
    {
        long returned = 0;
        byte[] filling = new byte[Size];
        var thread = new Thread(() =>
        {
            nint[] pieces = new nint[EndPieces];

            // What the first look needs must not come to lie behind the pieces.
            _ = Environment.WorkingSet;
            for (int i = 0; i < pieces.Length; i++)
            {
                pieces[i] = Marshal.AllocHGlobal(Size);
                Marshal.Copy(filling, 0, pieces[i], Size);
            }

            long before = Environment.WorkingSet;
            Array.ForEach(pieces, Marshal.FreeHGlobal);
            returned = before - Environment.WorkingSet;
        });
        thread.Start();
        thread.Join();
        return returned;
    }
}
