using System;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Stack.TestKit;

/// <summary>Names of namespaces, from which a later run can tell whose they are and whether that process is gone.</summary>
internal static class LabNames
{
    private const string Swept = "stacklab";
    private const string Kept = "stackkept";
    private static int _count;

    /// <summary>A prefix never used before: kind, process id, start time of the process, running number.</summary>
    public static string NewPrefix(bool keep) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(keep ? Kept : Swept)}-{Environment.ProcessId}-{StartTime(Environment.ProcessId)}-{Interlocked.Increment(ref _count)}");

    /// <summary>Whether a namespace was left behind by a process that no longer exists.</summary>
    public static bool IsOrphan(string name)
    {
        string[] parts = name.Split('-');
        return parts.Length >= 4
            && parts[0] == Swept
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int owner)
            && StartTime(owner) != parts[2];
    }

    // Field 22 of /proc/PID/stat, in clock ticks since boot: a reused process id has another one.
    private static string? StartTime(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
