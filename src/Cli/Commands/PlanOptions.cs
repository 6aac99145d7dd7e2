using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stack.Cli;

/// <summary>How much is sent, how fast and for how long.</summary>
internal sealed class PlanOptions
{
    private readonly Option<int?> _count = new("--count", "-n") { Description = "Packets to send; else as long as --duration.", HelpName = "N" };
    private readonly Option<TimeSpan?> _duration = new("--duration") { Description = "Seconds to measure (3).", HelpName = "S", CustomParser = DurationText.ParsePositive };

    private readonly Option<TimeSpan?> _warmUp = new("--warm-up")
    {
        Description = "Seconds of the same before anything counts (0.5; 0 with --count).",
        HelpName = "S",
        CustomParser = DurationText.ParseFromZero,
    };

    private readonly Option<int?> _rate = new("--rate") { Description = "Packets a second in all; else as many as get through.", HelpName = "R" };
    private readonly Option<int?> _run = new("--run") { Description = "Packets of one sender in a row (32; 1 with --rate).", HelpName = "K" };
    private readonly Option<int?> _window = new("--window") { Description = "Packets under way at a time, without --rate (256); 0: no bound.", HelpName = "N" };
    private readonly Option<double?> _maxLoss = new("--max-loss") { Description = "Percent of packets that may be lost; else losses are no failure.", HelpName = "P" };

    public PlanOptions()
    {
        _count.CustomParser = WholeNumber.Between(1, int.MaxValue);
        _rate.CustomParser = WholeNumber.Between(1, 10_000_000);
        _run.CustomParser = WholeNumber.Between(1, 1024);
        _window.CustomParser = WholeNumber.Between(0, 1_000_000);
        _maxLoss.CustomParser = ParsePercent;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _count, _duration, _warmUp, _rate, _run, _window, _maxLoss })
        {
            command.Add(option);
        }
    }

    public LoadPlan Read(ParseResult parsed, int defaultRun = 32)
    {
        int? count = parsed.GetValue(_count);
        int? rate = parsed.GetValue(_rate);
        int? window = parsed.GetValue(_window);
        if (count is not null && parsed.GetValue(_duration) is not null)
        {
            throw CommandException.Usage("--count and --duration exclude each other.", "Give one of the two.");
        }

        if (rate is not null && window is not null)
        {
            throw CommandException.Usage("--rate and --window exclude each other.", "With a rate nothing is waited for.");
        }

        int run = parsed.GetValue(_run) ?? (rate is null ? defaultRun : 1);
        return window is > 0 && window < run
            ? throw CommandException.Usage("--window has no room for a --run.", "Make the window larger, or the run shorter.")
            : new LoadPlan
            {
                Count = count,
                Duration = parsed.GetValue(_duration) ?? TimeSpan.FromSeconds(3),
                WarmUp = parsed.GetValue(_warmUp) ?? (count is null ? TimeSpan.FromSeconds(0.5) : TimeSpan.Zero),
                Rate = rate,
                Run = run,
                Window = window ?? Math.Max(256, run),
                MaxLoss = parsed.GetValue(_maxLoss),
            };
    }

    private static double? ParsePercent(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 100)
        {
            return value;
        }

        result.AddError($"'{text}' is not a percentage from 0 to 100.");
        return null;
    }
}
