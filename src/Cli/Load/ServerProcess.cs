using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Stack.Cli;

/// <summary>
/// The server's process as /proc has it: the run time of each thread from <c>schedstat</c>, in nanoseconds, and that of the whole process from
/// <c>stat</c>, in ticks of 10 ms. Both are user and system time, and the network's work that the kernel does in the name of a sender.
/// </summary>
internal sealed class ServerProcess
{
    // USER_HZ, which the kernel gives to programs whatever its own tick is.
    private const int TicksPerSecond = 100;
    private const int UserTimeField = 11;
    private const int ResidentField = 1;

    private readonly string _folder;

    private ServerProcess(int id) => _folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");

    /// <summary>Finds a process.</summary>
    /// <exception cref="CommandException">There is none, or the system does not tell.</exception>
    public static ServerProcess Find(int id)
    {
        var process = new ServerProcess(id);
        return File.Exists(process._folder + "/stat")
            ? process
            : throw CommandException.Usage(
                string.Create(CultureInfo.InvariantCulture, $"--pid: there is no process {id}, or this system has no /proc."),
                "Name the process of the server, on the same machine and on Linux.");
    }

    /// <exception cref="CommandException">It has ended.</exception>
    public ServerSample Read()
    {
        try
        {
            return new ServerSample(ReadTicks(), ReadThreads(), ReadResident());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            throw new CommandException(new Failure(
                ExitCode.Negative, "server-gone", "The process of the server has ended or cannot be read.", "Look into the server's log."));
        }
    }

    private TimeSpan ReadTicks()
    {
        // The name of the program stands in parentheses and may contain anything.
        string stat = File.ReadAllText(_folder + "/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture)
            + long.Parse(fields[UserTimeField + 1], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private Dictionary<int, long>? ReadThreads()
    {
        var threads = new Dictionary<int, long>();
        foreach (string folder in Directory.EnumerateDirectories(_folder + "/task"))
        {
            try
            {
                string[] fields = File.ReadAllText(folder + "/schedstat").Split(' ');
                threads.Add(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), long.Parse(fields[0], CultureInfo.InvariantCulture));
            }
            catch (IOException) when (!Directory.Exists(folder))
            {
                // It has ended meanwhile.
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }

        return threads;
    }

    private long ReadResident()
    {
        string[] fields = File.ReadAllText(_folder + "/statm").Split(' ');
        return long.Parse(fields[ResidentField], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
