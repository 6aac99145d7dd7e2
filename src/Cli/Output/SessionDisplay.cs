using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Spectre.Console;
using Stack.Sessions;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>On a terminal a table of the peers that is drawn over, with the last facts below; elsewhere a line for each fact.</summary>
internal sealed class SessionDisplay(Terminal terminal, bool isJson)
{
    private const int Facts = 8;

    private readonly Queue<(string Name, string Value)> _facts = new();
    private LiveDisplayContext? _live;

    private bool IsLive => terminal.IsLive && !isJson;

    /// <summary>Runs the session inside the display.</summary>
    public async Task RunAsync(Func<Task> session)
    {
        if (!IsLive)
        {
            await session().ConfigureAwait(false);
            return;
        }

        try
        {
            await terminal.CreateLiveConsole().Live(Draw([])).AutoClear(true).StartAsync(async live =>
            {
                _live = live;
                await session().ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            _live = null;
        }
    }

    /// <summary>Shows something that has happened.</summary>
    public void Fact(string name, string value)
    {
        if (_live is null)
        {
            terminal.Fact(name, value);
            return;
        }

        _facts.Enqueue((name, value));
        if (_facts.Count > Facts)
        {
            _facts.Dequeue();
        }
    }

    /// <summary>Shows how it stands.</summary>
    /// <param name="peers">The peers, with their probes where there are any.</param>
    /// <returns>False where nobody sees it, so that lines have to do.</returns>
    public bool Update(IEnumerable<(IceSessionPeer Peer, PeerProbes? Probes)> peers)
    {
        if (_live is not { } live)
        {
            return false;
        }

        live.UpdateTarget(Draw(peers));
        live.Refresh();
        return true;
    }

    private Rows Draw(IEnumerable<(IceSessionPeer Peer, PeerProbes? Probes)> peers)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("peer", "path", "probes");
        foreach ((IceSessionPeer peer, PeerProbes? probes) in peers)
        {
            IcePath? path = peer.Path;
            table.AddRow(
                new Text(SafeText.Of(SessionOutput.Name(peer))),
                new Text(path is null ? "none yet" : SessionOutput.Describe(path), new Style(path is null ? Color.Grey : path.IsRelayed ? Color.Yellow : Color.Green)),
                new Text(probes is null ? "" : SessionOutput.Counts(probes)));
        }

        Grid facts = new Grid().AddColumns(2);
        foreach ((string name, string value) in _facts)
        {
            facts.AddRow(new Text(name, new Style(Color.Grey)), new Text(SafeText.Of(value)));
        }

        facts.AddRow(new Text(""), new Text("Ctrl-C ends", new Style(Color.Grey)));
        return new Rows(table, facts);
    }
}
