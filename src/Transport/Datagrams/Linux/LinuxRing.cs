using System;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Stack.Transport;

/// <summary>
/// Has the system send one message from each of many sockets by one call (<c>io_uring</c>). For one thread, which must be the one that made it.
/// </summary>
internal sealed unsafe class LinuxRing : IDisposable
{
    private const int SubmissionSize = 64;
    private const int CompletionSize = 16;
    private const long SubmissionsAt = 0x10000000;

    // struct io_uring_params
    private const int ParametersSize = 120;
    private const int FlagsAt = 8;
    private const int FeaturesAt = 20;
    private const int SubmissionOffsets = 40;
    private const int CompletionOffsets = 80;
    private const int SingleIssuer = 1 << 12;
    private const int DeferTaskRun = 1 << 13;
    private const int SingleMap = 1;

    private const int GetEvents = 1;
    private const byte OperationSendMessage = 9;
    private const byte OperationSend = 26;

    private readonly SafeFileHandle _ring;
    private readonly int _entries;
    private nint _rings;
    private nint _ringsSize;
    private nint _submissions;
    private uint* _submissionTail;
    private uint* _submissionArray;
    private uint _submissionMask;
    private uint* _completionHead;
    private uint* _completionTail;
    private uint _completionMask;
    private byte* _completions;

    private LinuxRing(SafeFileHandle ring, int entries)
    {
        _ring = ring;
        _entries = entries;
    }

    /// <summary>Makes one, where the system lets this process have it.</summary>
    /// <param name="entries">How many messages at most are sent at a time; a power of two.</param>
    /// <returns>Null where the kernel has no such thing, or refuses it.</returns>
    public static LinuxRing? TryCreate(int entries)
    {
        byte* parameters = stackalloc byte[ParametersSize];
        new Span<byte>(parameters, ParametersSize).Clear();
        *(int*)(parameters + FlagsAt) = SingleIssuer | DeferTaskRun;
        nint descriptor = LinuxCalls.SetUpRing(LinuxCalls.RingSetup, entries, parameters);
        if (descriptor < 0)
        {
            return null;
        }

        var ring = new LinuxRing(new SafeFileHandle(descriptor, ownsHandle: true), entries);
        if (ring.TryMap(parameters))
        {
            return ring;
        }

        ring.Dispose();
        return null;
    }

    /// <summary>Prepares a message.</summary>
    /// <param name="index">From 0 on, without a gap; it names the message in <see cref="Send"/>.</param>
    /// <param name="socket">The socket, which stays open until <see cref="Send"/> has returned.</param>
    /// <param name="message">The message, which stays where it is until then.</param>
    /// <param name="flags">The flags of <c>sendmsg</c>.</param>
    public void Prepare(int index, nint socket, LinuxMessageHeader* message, int flags)
    {
        uint slot = (*_submissionTail + (uint)index) & _submissionMask;
        byte* submission = (byte*)_submissions + (slot * SubmissionSize);
        new Span<byte>(submission, SubmissionSize).Clear();
        *(int*)(submission + 4) = (int)socket;
        if (message->VectorCount == 1 && message->ControlLength == 0)
        {
            // As sendto: the system need not fetch the message's description, which costs it more than fetching an address.
            *submission = OperationSend;
            *(nint*)(submission + 8) = (nint)message->Name;
            *(nint*)(submission + 16) = message->Vectors->Address;
            *(int*)(submission + 24) = (int)message->Vectors->Length;
            *(ushort*)(submission + 44) = (ushort)message->NameLength;
        }
        else
        {
            *submission = OperationSendMessage;
            *(nint*)(submission + 16) = (nint)message;
            *(int*)(submission + 24) = 1;
        }

        *(int*)(submission + 28) = flags;
        *(long*)(submission + 32) = index;
        _submissionArray[slot] = slot;
    }

    /// <summary>Sends what is prepared, and waits until the system has taken or refused each message.</summary>
    /// <param name="count">How many are prepared.</param>
    /// <param name="results">What became of each: a negative number is an error.</param>
    /// <returns>False where the ring is of no use any more; what has no result has not been sent.</returns>
    public bool Send(int count, Span<int> results)
    {
        Volatile.Write(ref *_submissionTail, *_submissionTail + (uint)count);
        int submitted = 0;
        int completed = 0;
        while (completed < count)
        {
            nint entered = LinuxCalls.EnterRing(LinuxCalls.RingEnter, _ring, count - submitted, count - completed, GetEvents, 0, 0);
            if (entered < 0 && Marshal.GetLastPInvokeError() is not (LinuxCalls.Interrupted or LinuxCalls.Again or LinuxCalls.Busy))
            {
                return false;
            }

            submitted += (int)Math.Max(0, entered);
            completed += Reap(results);
        }

        return true;
    }

    public void Dispose()
    {
        if (_rings != 0)
        {
            _ = LinuxCalls.Unmap(_rings, _ringsSize);
            _rings = 0;
        }

        if (_submissions != 0)
        {
            _ = LinuxCalls.Unmap(_submissions, _entries * SubmissionSize);
            _submissions = 0;
        }

        _ring.Dispose();
    }

    private int Reap(Span<int> results)
    {
        uint head = *_completionHead;
        uint tail = Volatile.Read(ref *_completionTail);
        int reaped = 0;
        for (; head != tail; head++)
        {
            byte* completion = _completions + ((head & _completionMask) * CompletionSize);
            results[(int)*(long*)completion] = *(int*)(completion + 8);
            reaped++;
        }

        Volatile.Write(ref *_completionHead, head);
        return reaped;
    }

    private bool TryMap(byte* parameters)
    {
        // Kernels that know these flags map both rings at once.
        if ((*(int*)(parameters + FeaturesAt) & SingleMap) == 0)
        {
            return false;
        }

        uint* submission = (uint*)(parameters + SubmissionOffsets);
        uint* completion = (uint*)(parameters + CompletionOffsets);
        uint entries = *(uint*)parameters;
        uint completions = *(uint*)(parameters + 4);
        nint submissionEnd = (nint)(submission[6] + (entries * sizeof(uint)));
        nint completionEnd = (nint)(completion[5] + (completions * CompletionSize));
        _ringsSize = Math.Max(submissionEnd, completionEnd);
        _rings = Map(_ringsSize, 0);
        _submissions = Map((nint)(entries * SubmissionSize), SubmissionsAt);
        if (_rings == 0 || _submissions == 0)
        {
            return false;
        }

        byte* rings = (byte*)_rings;
        _submissionTail = (uint*)(rings + submission[1]);
        _submissionMask = *(uint*)(rings + submission[2]);
        _submissionArray = (uint*)(rings + submission[6]);
        _completionHead = (uint*)(rings + completion[0]);
        _completionTail = (uint*)(rings + completion[1]);
        _completionMask = *(uint*)(rings + completion[2]);
        _completions = rings + completion[5];
        return true;
    }

    private nint Map(nint size, long offset)
    {
        nint address = LinuxCalls.Map(0, size, LinuxCalls.ReadAndWrite, LinuxCalls.MapSharedPopulated, _ring, offset);
        return address == -1 ? 0 : address;
    }
}
