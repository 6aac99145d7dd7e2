using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>One agent from its description to the last probe.</summary>
internal sealed class IceTest(CommandContext context, IceOptions options, IceOutput output)
{
    private readonly TimeProvider _time = options.TimeProvider;
    private IcePath? _shown;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        var connection = new IceConnection(options);
        await using (connection.ConfigureAwait(false))
        {
            long began = _time.GetTimestamp();
            Task warming = IceWarmUp.RunAsync(options.Servers.Any(static server => server.IsTurn), cancellationToken);

            // Both sides are ready for the other one's checks as soon as they have told where they are.
            IceSignal own = await connection.DescribeAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan gathering = _time.GetElapsedTime(began);
            foreach (IceGatheringWarning warning in connection.GatheringWarnings)
            {
                output.Warn(warning);
            }

            await warming.ConfigureAwait(false);
            output.Describe(own);
            IceSignal other = await ReadOtherAsync(cancellationToken).ConfigureAwait(false);
            began = _time.GetTimestamp();
            connection.AddRemote(other);
            try
            {
                await connection.ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IceException error)
            {
                output.Fail(error, connection.GetStatistics());
                throw;
            }

            TimeSpan connecting = _time.GetElapsedTime(began);
            _shown = connection.Path;
            output.Connect(_shown, gathering, connecting);
            return await ProbeAsync(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ExitCode> ProbeAsync(IceConnection connection, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watching = WatchAsync(connection, stopping.Token);
        var probes = new IceProbes(connection, output, _time, options.ConnectTimeout);
        try
        {
            bool complete = await probes.RunAsync(cancellationToken).ConfigureAwait(false);
            await stopping.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
            Show(connection.Path, connection);
            output.ShowStatistics(probes);
            if (complete)
            {
                return ExitCode.Success;
            }

            output.Fail("probes were lost", connection.GetStatistics());
            return ExitCode.Negative;
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    /// <summary>Tells of better paths. The first one has been told, and what has been left again by now is no news.</summary>
    private async Task WatchAsync(IceConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                IceConnectionEvent happened = await connection.ReadEventAsync(cancellationToken).ConfigureAwait(false);
                if (happened.Kind is IceConnectionEventKind.PathChanged or IceConnectionEventKind.PathSelected)
                {
                    Show(happened.Path, connection);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The probes are over.
        }
    }

    private void Show(IcePath? path, IceConnection connection)
    {
        if (path is not null && !IsSame(path, _shown) && IsSame(path, connection.Path))
        {
            _shown = path;
            output.Select(path);
        }
    }

    private static bool IsSame(IcePath path, IcePath? shown)
        => shown is not null && path.Local.Address == shown.Local.Address && path.Remote.Address == shown.Remote.Address;

    /// <summary>The other side's line. What is no description is said, and another line awaited: somebody may paste it wrong.</summary>
    private async Task<IceSignal> ReadOtherAsync(CancellationToken cancellationToken)
    {
        output.Prompt();
        using StreamReader reader = DescriptionLine.Open(context.Input);
        string? problem = null;
        while (await DescriptionLine.ReadAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (IceSignal.TryParse(line, out IceSignal? signal, out problem))
            {
                if (signal.Kind == IceSignalKind.Description)
                {
                    foreach (IceRefusedCandidate refused in signal.RefusedCandidates)
                    {
                        context.Terminal.Progress($"Candidate {refused.Line} of that line is left out: {refused.Reason}, at position {refused.Position}.");
                    }

                    return signal;
                }

                problem = "it has no candidates";
            }

            context.Terminal.Progress($"That line is no description: {problem}. Waiting for another one.");
        }

        throw CommandException.Usage(
            problem is null ? "Standard input ended before the other side's line." : $"The other side's line is no description: {problem}.",
            "Paste the one line that the other side has printed, from { to }.");
    }
}
