using System;
using System.Linq;
using Xunit;

namespace Stack.Signaling.Tests;

/// <summary>Losing the socket, coming back, and not coming back.</summary>
public sealed class ResumeTests
{
    [Fact]
    public void Resume_InTime_KeepsTheNumberAndDeliversWhatWaited()
    {
        (Desk desk, Client bob, Client alice, string token) = Two();
        alice.Close();
        Assert.Contains(SignalingEventKind.Lost, desk.Kinds);
        desk.Advance(14);
        bob.Say("""{"to":2,"candidate":{"candidate":"candidate:1","sdpMid":"0"}}""");
        bob.Say("""{"to":2,"candidate":null}""");
        Client again = desk.Join("w", resume: token);
        string[] heard = again.Take();
        Assert.Equal(3, heard.Length);
        Assert.Equal("""{"from":1,"candidate":{"candidate":"candidate:1","sdpMid":"0"}}""", heard[1]);
        Assert.StartsWith("""{"joined":{"id":2,"resume":""", heard[0], StringComparison.Ordinal);
        Assert.Contains("\"resumed\":true", heard[0], StringComparison.Ordinal);
        Assert.DoesNotContain(token, heard[0], StringComparison.Ordinal);
        desk.Advance(60);
        Assert.Empty(bob.Take());
        again.Say("""{"to":1,"candidate":{"candidate":"candidate:2"}}""");
        Assert.Equal("""{"from":2,"candidate":{"candidate":"candidate:2"}}""", bob.TakeOne());
    }

    // What was handed to a socket that broke before it was written is not lost either.
    [Fact]
    public void Resume_AfterMessagesWereNotWritten_DeliversThem()
    {
        (Desk desk, Client bob, Client alice, string token) = Two();
        alice.IsSlow = true;
        bob.Say("""{"to":2,"candidate":{"candidate":"candidate:1"}}""");
        alice.Close(1006);
        bob.Say("""{"to":2,"candidate":{"candidate":"candidate:2"}}""");
        Client again = desk.Join("w", resume: token);
        Assert.Equal(["candidate:1", "candidate:2"], again.TakeOwn().OfType<OwnSignal>().Select(static said => ((CandidateSignal)said.Signal).Candidate.Line));
    }

    // W23 counts from the break; the server's pings find that within 30 s.
    [Fact]
    public void Resume_TooLate_IsANewPeerAndTheOldOneIsGone()
    {
        (Desk desk, Client bob, Client alice, string token) = Two();
        alice.Close();
        desk.Advance(14.9);
        Assert.Empty(bob.Take());
        desk.Advance(0.2);
        Assert.Equal("""{"gone":{"id":2,"lost":true}}""", bob.TakeOne());
        Client again = desk.Join("w", resume: token);
        Assert.Equal((3, false), Assert.IsType<OwnJoined>(again.TakeOwn()[0]) is var joined ? (joined.Id, joined.Resumed) : default);
        Assert.Equal("""{"peer":{"id":3,"name":"","dialect":"own","role":"answer"}}""", bob.TakeOne());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Close_Properly_LeavesAtOnce(int code)
    {
        (_, Client bob, Client alice, _) = Two();
        alice.Close(code);
        Assert.Equal("""{"gone":{"id":2}}""", bob.TakeOne());
    }

    // A hijack needs 128 bits that only the peer was told.
    [Fact]
    public void Token_WhileTheSocketIsOpen_ClosesThatOneWith4001()
    {
        (Desk desk, Client bob, Client alice, string token) = Two();
        Client again = desk.Join("w", resume: token);
        Assert.Equal(4001, alice.CloseCode);
        Assert.True(Assert.IsType<OwnJoined>(again.TakeOwn()[0]).Resumed);
        alice.Say("""{"leave":{}}""");
        alice.Close(1000);
        desk.Advance(60);
        Assert.Empty(bob.Take());
        Assert.Equal(2, desk.Core.Counts.Peers);
    }

    [Fact]
    public void Token_Used_IsOfNoUseAgain()
    {
        (Desk desk, _, Client alice, string token) = Two();
        alice.Close();
        Client again = desk.Join("w", resume: token);
        Client thief = desk.Join("w", resume: token);
        Assert.Null(again.CloseCode);
        Assert.Equal(3, Assert.IsType<OwnJoined>(thief.TakeOwn()[0]).Id);
    }

    // Enumeration: what is not there and what one may not have look the same.
    [Fact]
    public void Token_OfAnotherSession_LooksLikeNone()
    {
        (Desk desk, _, Client alice, string token) = Two();
        Client known = desk.Join("other", resume: token);
        Client unknown = desk.Join("another", resume: "00112233445566778899aabbccddeeff");
        Assert.Null(alice.CloseCode);
        Assert.Equal(known.TakeOne().Length, unknown.TakeOne().Length);
    }

    [Theory]
    [InlineData(256, 100)]
    [InlineData(1000, 3000)]
    public void Waiting_TooMuch_ThePeerIsGone(int messages, int size)
    {
        (Desk desk, Client bob, Client alice, string token) = Two();
        alice.Close();
        string text = $"{{\"to\":2,\"candidate\":{{\"candidate\":\"candidate:{new string('x', size)}\"}}}}";
        int sent = 0;
        while (bob.Take() is [] && sent <= messages)
        {
            bob.Say(text);
            desk.Advance(0.05);
            sent++;
        }

        Assert.InRange(sent * (size + 50), 0, (256 * 1024) + size + 50);
        Assert.InRange(sent, 1, 257);
        Assert.Equal(3, Assert.IsType<OwnJoined>(desk.Join("w", resume: token).TakeOwn()[0]).Id);
    }

    private static (Desk Desk, Client Bob, Client Alice, string Token) Two()
    {
        var desk = new Desk();
        Client bob = desk.Join("w", "bob");
        Client alice = desk.Join("w", "alice");
        bob.Take();
        return (desk, bob, alice, Assert.IsType<OwnJoined>(alice.TakeOwn()[0]).Resume);
    }
}
