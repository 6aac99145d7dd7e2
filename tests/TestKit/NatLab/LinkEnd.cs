using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Stack.TestKit;

/// <summary>A TAP device of a namespace, seen from outside: what the namespace sends is read here, what is written here it receives.</summary>
/// <remarks>Neither call blocks. While this is open, the device has a carrier.</remarks>
internal sealed class LinkEnd : IDisposable
{
    private const int Request = 0x400454CA; // TUNSETIFF
    private const short TapWithoutHeader = 0x0002 | 0x1000; // IFF_TAP, IFF_NO_PI
    private const int NameSize = 16;
    private const int RequestSize = 40;
    private const int GetFlags = 3; // F_GETFL
    private const int SetFlags = 4; // F_SETFL
    private const int NonBlocking = 0x800; // O_NONBLOCK

    private readonly SafeFileHandle _handle;

    private LinkEnd(SafeFileHandle handle) => _handle = handle;

    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Takes a persistent TAP device of a namespace.</summary>
    public static LinkEnd Open(string @namespace, string device) => NamespaceThread.Run(@namespace, () =>
    {
        SafeFileHandle handle = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            byte[] request = new byte[RequestSize];
            Encoding.ASCII.GetBytes(device, request);
            BitConverter.TryWriteBytes(request.AsSpan(NameSize), TapWithoutHeader);
            int descriptor = (int)handle.DangerousGetHandle();
            if (Control(descriptor, Request, request) != 0
                || SetDescriptor(descriptor, SetFlags, SetDescriptor(descriptor, GetFlags, 0) | NonBlocking) != 0)
            {
                throw new InvalidOperationException($"No device {device}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }

            return new LinkEnd(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    });

    /// <summary>Reads a frame; false when there is none.</summary>
    public bool TryRead(byte[] buffer, out int size)
    {
        size = (int)Read(Descriptor, buffer, (nuint)buffer.Length);
        return size > 0;
    }

    /// <summary>Delivers a frame. A frame that the device does not take is lost, as on a cable.</summary>
    public void Write(byte[] frame, int size) => Write(Descriptor, frame, (nuint)size);

    public void Dispose() => _handle.Dispose();

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, nuint request, byte[] argument);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetDescriptor(int descriptor, int command, int argument);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(int descriptor, [Out] byte[] buffer, nuint size);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int descriptor, byte[] buffer, nuint size);
}
