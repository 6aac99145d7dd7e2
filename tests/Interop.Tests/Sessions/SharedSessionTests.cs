using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Stack.TestKit;
using Xunit;

namespace Stack.Interop.Tests;

/// <summary>Two server processes share their sessions over a real Redis.</summary>
public sealed class SharedSessionTests
{
    private const int First = 1;
    private const int Second = 2;
    private const int Third = 3;

    [RequiresFact(Requirement.Redis)]
    public async Task Redis_KilledAndBackEmpty_SessionsGoOnWithoutGhosts()
    {
        await using RedisServer store = await RedisServer.StartAsync();
        await using SessionServer one = await StartAsync(store);
        await using SessionServer other = await StartAsync(store);
        string word = SessionServer.NewWord();
        await using LabProcess first = Join(one, word);
        await first.EventAsync("joined", static joined => joined.Id() == First);
        await using LabProcess second = Join(other, word);
        await Task.WhenAll(ConnectedAsync(first, Second), ConnectedAsync(second, First));
        await using LabProcess third = Join(other, word);
        await Task.WhenAll(ConnectedAsync(first, Third), ConnectedAsync(second, Third), ConnectedAsync(third, First), ConnectedAsync(third, Second));

        await store.KillAsync();
        await Task.WhenAll(LostAsync(one), LostAsync(other));
        third.Kill();
        await second.EventAsync("gone", static gone => gone.Id() == Third);
        await store.RestartAsync();
        await first.EventAsync("gone", static gone => gone.Id() == Third);
        await using LabProcess fourth = Join(one, word, "--count", "2", "--timeout", "90");
        ProcessResult run = await fourth.EndAsync();

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonElement joined = run.Events("joined")[0];
        Assert.True(joined.Id() > Third, run.ToString());
        Assert.Equal([First, Second], joined.GetProperty("peers").EnumerateArray().Select(static peer => peer.Id()).Order());
        Assert.Equal([First, Second], run.Events("connected").Select(static connected => connected.Id()).Distinct().Order());
        Assert.DoesNotContain(first.Events("gone"), static gone => gone.Id() == Second);
        Assert.DoesNotContain(second.Events("gone"), static gone => gone.Id() == First);
    }

    private static Task<SessionServer> StartAsync(RedisServer store) => SessionServer.StartLocalAsync(
        "--signal-redis", store.Uri, "--signal-limit", "resume-grace=5", "--signal-limit", "process-timeout=300");

    private static LabProcess Join(SessionServer server, string word, params string[] more)
        => SessionPrograms.Join(LabHost.Local, server, word, ["--loopback", .. more]);

    private static Task<JsonElement> ConnectedAsync(LabProcess program, int to) => program.EventAsync("connected", connected => connected.Id() == to);

    private static Task<string> LostAsync(SessionServer server) => server.Process.WaitForLineAsync("cannot be reached", EventLines.Patience);
}
