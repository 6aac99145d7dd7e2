using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using Spectre.Console;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Shows a series while it runs: a live table on a terminal with --watch, a line for each probe elsewhere.</summary>
internal sealed class SeriesDisplay : IDisposable
{
    private readonly Terminal _terminal;
    private readonly StunRequest _request;
    private readonly SeriesFindings _findings;
    private readonly bool _isLive;
    private LiveDisplayContext? _live;
    private string _note = "";

    private SeriesDisplay(Terminal terminal, StunRequest request, SeriesFindings findings)
    {
        _terminal = terminal;
        _request = request;
        _findings = findings;
        _isLive = request.IsWatching && terminal.IsLive && !request.IsJson && !request.IsQuiet;
    }

    public static SeriesDisplay Create(Terminal terminal, StunRequest request, SeriesFindings findings) => new(terminal, request, findings);

    /// <summary>Runs the probes inside the display.</summary>
    public async Task RunAsync(Func<Task> probes)
    {
        if (!_isLive)
        {
            await probes().ConfigureAwait(false);
            return;
        }

        await _terminal.CreateLiveConsole().Live(Draw()).AutoClear(true).StartAsync(async live =>
        {
            _live = live;
            await probes().ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public void ShowAnswer(StunBinding binding, IPEndPoint? mappedBefore)
    {
        if (mappedBefore is not null)
        {
            _note = $"mapped address changed: {mappedBefore} -> {binding.Mapped}";
        }

        if (Redraw())
        {
            return;
        }

        if (_request.IsJson)
        {
            WriteEvent(binding, null);
        }
        else if (!_request.IsQuiet)
        {
            string time = binding.RoundTripTime is { } measured ? BindingOutput.Milliseconds(measured) : "unknown";
            _terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{_findings.Sent,-6}{binding.Mapped}  {time}"));
            if (mappedBefore is not null)
            {
                _terminal.Line(_note);
            }
        }
    }

    public void ShowLoss(Failure failure)
    {
        if (Redraw())
        {
            return;
        }

        if (_request.IsJson)
        {
            WriteEvent(null, failure);
        }
        else if (!_request.IsQuiet)
        {
            _terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{_findings.Sent,-6}lost  {failure.Message}"));
        }
    }

    public void Dispose() => _live = null;

    // The summary is the object of --count; only --watch has an end that may never come.
    private void WriteEvent(StunBinding? binding, Failure? failure)
    {
        if (!_request.IsWatching)
        {
            return;
        }

        _terminal.WriteJson("stun", json =>
        {
            json.WriteString("event", "probe");
            json.WriteNumber("sent", _findings.Sent);
            json.WriteNumber("received", _findings.Received);
            json.WriteEndPoint("mapped", binding?.Mapped);
            json.WriteMilliseconds("rttMs", binding?.RoundTripTime);
            json.WriteText("outcome", failure is null ? "answered" : failure.Reason ?? failure.Code);
        });
    }

    private bool Redraw()
    {
        if (_live is not { } live)
        {
            return _isLive;
        }

        live.UpdateTarget(Draw());
        live.Refresh();
        return true;
    }

    private Table Draw()
    {
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("name").AddColumn("value");
        Row("server", _request.Server.Text);
        Row("mapped", _findings.Last?.Mapped.ToString() ?? "not known yet");
        Row("probes", _findings.Counts());
        Row("round trip", _findings.Times());
        if (_note.Length != 0)
        {
            Row("note", _note);
        }

        Row("", "Ctrl-C ends");
        return table;

        void Row(string name, string value) => table.AddRow(new Text(name, new Style(Color.Grey)), new Text(SafeText.Of(value)));
    }
}
