using System.CommandLine;
using Stack.Sessions;

namespace Stack.Cli;

/// <summary><c>stackcli session</c>: words for <c>stackcli ice --session</c>.</summary>
internal sealed class SessionCommand
{
    private const int BitsOfGroup = 16;

    private const string Notes =
        "Each group of five letters is one of 65,536, so that four of them are 64 bits. A word can be tried only by joining, which the server limits to ten "
        + "times a second for an address. For secrets that live for years take 8 groups.\n"
        + "Exit codes: 0 done, 2 usage.";

    private readonly CommandContext _context;
    private readonly Option<bool> _json = new("--json") { Description = "Print the answer as JSON, one object a line." };
    private readonly Option<int?> _groups = new("--words")
    {
        Description = "Groups of five letters, 1 to 16 (4).",
        HelpName = "N",
        CustomParser = WholeNumber.Between(1, SessionWord.MaxGroups),
    };

    private SessionCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context) => new NotedCommand("session", "Make words for sessions.", Notes)
    {
        new SessionCommand(context).CreateNew(),
    };

    private NotedCommand CreateNew()
    {
        var command = new NotedCommand("new", "Print a word that is easy to say and hard to guess, for --session on all machines.", Notes) { _groups, _json };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        int groups = parsed.GetValue(_groups) ?? SessionWord.DefaultGroups;
        string word = SessionWord.Create(groups);
        if (parsed.GetValue(_json))
        {
            _context.Terminal.WriteJson("session", json =>
            {
                json.WriteString("word", word);
                json.WriteNumber("bits", groups * BitsOfGroup);
            });
        }
        else
        {
            _context.Terminal.Line(word);
        }

        return (int)ExitCode.Success;
    }
}
