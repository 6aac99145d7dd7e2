using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace Stack.Cli;

/// <summary>The help page, with the notes of the command at its end.</summary>
internal sealed class NotedHelpAction(HelpAction page, string rootNotes) : SynchronousCommandLineAction
{
    private const int Width = 100;

    public override int Invoke(ParseResult parseResult)
    {
        int exit = page.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string notes = (parseResult.CommandResult.Command as NotedCommand)?.Notes ?? rootNotes;
        foreach (string paragraph in notes.Split('\n'))
        {
            WriteWrapped(output, paragraph);
        }

        return exit;
    }

    private static void WriteWrapped(TextWriter output, string paragraph)
    {
        int column = 0;
        foreach (string word in paragraph.Split(' '))
        {
            if (column != 0 && column + 1 + word.Length > Width)
            {
                output.WriteLine();
                column = 0;
            }

            output.Write(column == 0 ? word : " " + word);
            column += word.Length + (column == 0 ? 0 : 1);
        }

        output.WriteLine();
    }
}
