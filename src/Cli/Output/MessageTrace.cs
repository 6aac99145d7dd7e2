using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>Shows each message that passes, decoded, as progress.</summary>
internal sealed class MessageTrace(Terminal terminal)
{
    private readonly Lock _gate = new();

    public void Show(StunTrace trace)
    {
        string direction = trace.IsSent ? "-->" : "<--";

        // Messages come from several threads, and the lines of one belong together.
        lock (_gate)
        {
            terminal.Progress(string.Create(
                CultureInfo.InvariantCulture,
                $"{direction} {trace.Remote} {BindingOutput.GetName(trace.Transport)} {trace.Message.Length} bytes"));
            foreach (string line in Describe(trace))
            {
                terminal.Progress("    " + line);
            }
        }
    }

    private static IEnumerable<string> Describe(StunTrace trace) => AnnotatedMessage.Read(trace.Message.Span).ToLines();
}
