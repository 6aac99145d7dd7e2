using System;
using System.Globalization;
using System.Threading.Tasks;

namespace Stack.Soak;

/// <summary>
/// A long mixed load on the TURN server, and what is left of it afterwards. <c>stack-soak [MINUTES [CLIENTS [COMMAND ARGUMENT...]]]</c>: a command runs beside
/// the clients, with the server's UDP endpoint for <c>{udp}</c> and the run's seconds for <c>{seconds}</c>. The server runs in a process of its own,
/// <c>stack-soak server</c>.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["server", string clients])
        {
            await SoakServer.RunAsync(int.Parse(clients, NumberStyles.None, CultureInfo.InvariantCulture)).ConfigureAwait(false);
            return 0;
        }

        double minutes = args.Length > 0 ? double.Parse(args[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 10;
        int count = args.Length > 1 ? int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture) : 200;
        return await SoakRun.RunAsync(TimeSpan.FromMinutes(minutes), count, args.Length > 2 ? args[2..] : []).ConfigureAwait(false);
    }
}
