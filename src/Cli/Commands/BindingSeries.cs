using System;
using System.Globalization;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Binding probes one after the other, each sent once (RFC 8489 section 6.2.1 would hide losses), from one socket.</summary>
internal sealed class BindingSeries(CommandContext context, StunRequest request)
{
    private static readonly TimeSpan ShortestIntervalAbroad = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time = context.Environment.TimeProvider;
    private readonly SeriesFindings _findings = new();
    private StunClient? _client;
    private Failure? _lastFailure;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
            RefuseFlood(_client!.Server.Address);
            using var display = SeriesDisplay.Create(context.Terminal, request, _findings);
            await display.RunAsync(() => ProbeAllAsync(display, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && _findings.Received != 0)
        {
            // Ctrl-C is how --watch ends; what was measured is the answer.
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }

        if (_findings.Last is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new CommandException(_lastFailure! with
            {
                Message = string.Create(CultureInfo.InvariantCulture, $"None of {_findings.Sent} probes was answered. {_lastFailure.Message}"),
            });
        }

        Summarize(_findings.Last);
        return ExitCode.Success;
    }

    private async Task ProbeAllAsync(SeriesDisplay display, CancellationToken cancellationToken)
    {
        long? previous = null;
        while (request.Count is not { } count || _findings.Sent < count)
        {
            if (previous is { } start && request.Interval - _time.GetElapsedTime(start) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, _time, cancellationToken).ConfigureAwait(false);
            }

            previous = _time.GetTimestamp();
            await ProbeAsync(display, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ProbeAsync(SeriesDisplay display, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (_client is null)
            {
                await ConnectAsync(cancellationToken).ConfigureAwait(false);
            }

            StunBinding binding = await _client!.BindAsync(cancellationToken).ConfigureAwait(false);
            IPEndPoint? before = _findings.Last?.Mapped;
            _findings.NoteAnswer(binding);
            display.ShowAnswer(binding, before is not null && !before.Equals(binding.Mapped) ? before : null);
        }
        catch (Exception error) when (IsLoss(error))
        {
            _findings.NoteLoss();
            _lastFailure = Failures.From(error);
            display.ShowLoss(_lastFailure);
            if (error is StunException { Failure: not StunFailure.NoAnswer and not StunFailure.Unreachable })
            {
                await CloseAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // Finding the server and connecting take longer than a probe.
        TimeSpan patience = request.Timeout > TimeSpan.FromSeconds(10) ? request.Timeout : TimeSpan.FromSeconds(10);
        using var alarm = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            _client = await StunClient.ConnectAsync(request.Server, request.Client, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (alarm.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(Failures.Timeout(SafeText.Of(request.Server.Text), patience));
        }
    }

    private async Task CloseAsync()
    {
        if (_client is { } client)
        {
            _client = null;
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void RefuseFlood(IPAddress server)
    {
        if (request.Interval < ShortestIntervalAbroad && !AddressScope.IsLocal(server))
        {
            throw CommandException.Usage(
                $"More than 1000 probes a second are sent to loopback and private addresses alone, and {server} is neither.",
                "Use --interval 0.001 or more.");
        }
    }

    private void Summarize(StunBinding last)
    {
        if (request.IsJson)
        {
            context.Terminal.WriteJson("stun", json => _findings.WriteTo(json, request.Server.Text, last));
        }
        else if (request.IsQuiet)
        {
            context.Terminal.Line(last.Mapped.ToString());
        }
        else
        {
            _findings.WriteTo(context.Terminal, request.Server.Text, last);
        }
    }

    private static bool IsLoss(Exception error) => error is StunException
    {
        Failure: StunFailure.NoAnswer or StunFailure.Unreachable or StunFailure.ConnectionLost or StunFailure.ConnectionFailed,
    };
}
