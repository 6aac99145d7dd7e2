using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Stack.Ice;
using Stack.Signaling;
using Xunit;
using static Stack.Sessions.Tests.NegotiatingPeer;

namespace Stack.Sessions.Tests;

public sealed class PeerNegotiationTests
{
    private const int Patience = 60_000;

    [Fact(Timeout = Patience)]
    public async Task Offer_IsAnswered_AndBothConnect()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        IReadOnlyList<PeerSignal> offered = await caller.GatherAsync();
        Assert.Equal([DescriptionType.Offer], Types(offered));
        Assert.IsType<DescriptionSignal>(offered[0]);
        PeerCandidate[] candidates = Candidates(offered);
        Assert.True(candidates[^1].IsEnd);
        Assert.All(candidates, one => Assert.Equal(("0", 0, caller.Fragment), (one.Mid, one.LineIndex, one.UsernameFragment)));

        // It waits for the offer, with all that it has.
        Assert.Empty(await callee.GatherAsync());
        IReadOnlyList<PeerSignal> answered = callee.Hear(offered);
        Assert.Equal([DescriptionType.Answer], Types(answered));
        Assert.True(Candidates(answered)[^1].IsEnd);
        Assert.Empty(caller.Hear(answered));
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
    }

    [Fact(Timeout = Patience)]
    public async Task Candidates_BeforeTheirDescription_WaitForIt()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        IReadOnlyList<PeerSignal> offered = await caller.GatherAsync();
        Assert.Empty(callee.Hear(offered.Where(static signal => signal is CandidateSignal)));
        IReadOnlyList<PeerSignal> answered = [.. callee.Hear(offered[0]), .. await callee.GatherAsync()];

        // The candidates of the answer come before it too, and without their fragment, as libdatachannel tells them.
        Assert.Empty(caller.Hear(answered.OfType<CandidateSignal>().Select(static one => new CandidateSignal(one.Candidate with { UsernameFragment = null }))));
        caller.Hear(answered.OfType<DescriptionSignal>());
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
        Assert.Equal(CandidateType.Host, caller.Connection.Path!.Remote.Type);
        Assert.Equal(CandidateType.Host, callee.Connection.Path!.Remote.Type);
    }

    [Fact(Timeout = Patience)]
    public async Task Candidates_OfSessionsThatNeverCome_AreBoundedAndDoNotDisturb()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        Assert.Empty(callee.Hear(Enumerable.Range(0, 10 * PeerNegotiation.MaxWaiting).Select(static number => new CandidateSignal(
            new PeerCandidate("candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host", "0", 0, number.ToString("D8", CultureInfo.InvariantCulture))))));
        IReadOnlyList<PeerSignal> answered = [.. callee.Hear(await caller.GatherAsync()), .. await callee.GatherAsync()];
        caller.Hear(answered);
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
    }

    [Fact(Timeout = Patience)]
    public async Task Candidates_ThatAreNone_AreLeftOut()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        IReadOnlyList<PeerSignal> offered = await caller.GatherAsync();
        PeerSignal[] odd =
        [
            new CandidateSignal(new PeerCandidate("candidate:nonsense", "0")),
            new CandidateSignal(new PeerCandidate("candidate:1 1 UDP 2130706431 192.0.2.1 99999 typ host", "0")),
            new CandidateSignal(new PeerCandidate("candidate:1 2 UDP 2130706431 127.0.0.1 4000 typ host", "0")),
            new CandidateSignal(new PeerCandidate("candidate:1 1 UDP 2130706431 127.0.0.1 4000 typ host", "elsewhere")),
            new DescriptionSignal(new PeerDescription(DescriptionType.Rollback, "")),
        ];
        callee.Hear(odd);
        IReadOnlyList<PeerSignal> answered = callee.Hear([.. offered, .. odd]);
        caller.Hear([.. odd, .. answered, .. odd, .. await callee.GatherAsync()]);
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
    }

    // Both restart at the same time: the offer of the one who was to offer stands, the other one takes its own back and answers.
    [Fact(Timeout = Patience)]
    public async Task Glare_OfOwnPeers_TheOneWhoWasToOfferWins()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        await ConnectAsync(caller, callee);
        Task restarts = Task.WhenAll(caller.Connection.RestartAsync(), callee.Connection.RestartAsync());
        IReadOnlyList<PeerSignal> one = await caller.GatherAsync();
        IReadOnlyList<PeerSignal> other = await callee.GatherAsync();
        Assert.Equal([DescriptionType.Offer], Types(one));
        Assert.Equal([DescriptionType.Offer], Types(other));
        Assert.Empty(caller.Hear(other));
        IReadOnlyList<PeerSignal> answered = [.. callee.Hear(one), .. await callee.GatherAsync()];
        Assert.Equal([DescriptionType.Answer], Types(answered));

        // It told its candidates with an offer that nobody took; so they are told again.
        Assert.Equal(Description(other).Parameters.Credentials, Description(answered).Parameters.Credentials);
        Assert.NotEmpty(Candidates(answered));
        Assert.Empty(caller.Hear(answered));
        await restarts;
    }

    // A peer that calls by hand cannot take its offer back.
    [Theory(Timeout = Patience)]
    [InlineData(SignalingDialect.LibDataChannel)]
    [InlineData(SignalingDialect.PeerJs)]
    [InlineData(SignalingDialect.Lecture)]
    public async Task Glare_WithAPeerThatCallsByHand_ItsOfferWins(SignalingDialect dialect)
    {
        await using var own = new NegotiatingPeer(PairRole.Offer, dialect);
        await using var byHand = new NegotiatingPeer(PairRole.Offer);
        Assert.Equal([DescriptionType.Offer], Types(await own.GatherAsync()));
        IReadOnlyList<PeerSignal> called = await byHand.GatherAsync();
        IReadOnlyList<PeerSignal> answered = own.Hear(called);
        Assert.Equal([DescriptionType.Answer], Types(answered));
        byHand.Hear(answered);

        // What comes late to the offer that was taken back is for nobody.
        Assert.Empty(own.Hear(new DescriptionSignal(new PeerDescription(DescriptionType.Answer, DescriptionExamples.PionAnswer))));
        await Task.WhenAll(own.Connection.ConnectAsync(), byHand.Connection.ConnectAsync());
        Assert.NotEqual(own.Connection.Role, byHand.Connection.Role);
    }

    [Theory(Timeout = Patience)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_OfEitherSide_IsAnOfferWithNewCredentialsThatIsAnsweredWithNewOnes(bool ofCaller)
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        await ConnectAsync(caller, callee);
        (NegotiatingPeer one, NegotiatingPeer other) = ofCaller ? (caller, callee) : (callee, caller);
        string[] before = [one.Fragment, other.Fragment];
        Task restart = one.Connection.RestartAsync();
        IReadOnlyList<PeerSignal> offered = await one.GatherAsync();
        Assert.Equal([DescriptionType.Offer], Types(offered));
        IReadOnlyList<PeerSignal> answered = [.. other.Hear(offered), .. await other.GatherAsync()];
        Assert.Equal([DescriptionType.Answer], Types(answered));
        one.Hear(answered);
        await restart;
        Assert.DoesNotContain(one.Fragment, before);
        Assert.DoesNotContain(other.Fragment, before);
        Assert.All(Candidates(answered), candidate => Assert.Equal(other.Fragment, candidate.UsernameFragment));
    }

    // A browser that adds a line to its description: the same session goes on.
    [Fact(Timeout = Patience)]
    public async Task Offer_WithTheSameCredentials_IsAnsweredWithTheSame()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        IReadOnlyList<PeerSignal> offered = await caller.GatherAsync();
        IReadOnlyList<PeerSignal> answered = [.. callee.Hear(offered), .. await callee.GatherAsync()];
        caller.Hear(answered);
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
        IReadOnlyList<PeerSignal> again = callee.Hear(offered[0]);
        Assert.Equal(Description(answered).Parameters.Credentials, Description(again).Parameters.Credentials);
        Assert.NotEqual(IceSessionState.Checking, callee.Connection.State);
    }

    [Theory(Timeout = Patience)]
    [InlineData(SignalingDialect.Villas, false)]
    [InlineData(SignalingDialect.LibDataChannel, false)]
    [InlineData(SignalingDialect.PeerJs, true)]
    public async Task Peers_OfOtherSoftware_AreToldNoRestart_AndTheEndOfCandidatesWhereTheyKnowIt(SignalingDialect dialect, bool knowsEnd)
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer, dialect);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        IReadOnlyList<PeerSignal> offered = await caller.GatherAsync();
        Assert.Equal(knowsEnd, Candidates(offered).Any(static one => one.IsEnd));
        caller.Hear([.. callee.Hear(offered), .. await callee.GatherAsync()]);
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
        Task restart = caller.Connection.RestartAsync();
        Assert.Empty(await caller.GatherAsync());
        await caller.DisposeAsync();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => restart);
    }

    // What was on its way when the socket broke may be lost; who had it already is not disturbed.
    [Fact(Timeout = Patience)]
    public async Task Repeat_SaysAgainWhatMayBeLost()
    {
        await using var caller = new NegotiatingPeer(PairRole.Offer);
        await using var callee = new NegotiatingPeer(PairRole.Answer);
        caller.Negotiation.Repeat();
        Assert.Empty(caller.Drain());
        IReadOnlyList<PeerSignal> lost = await caller.GatherAsync();
        caller.Negotiation.Repeat();
        IReadOnlyList<PeerSignal> offered = caller.Drain();
        Assert.Equal(lost, offered);
        callee.Hear(offered);
        await callee.GatherAsync();
        callee.Negotiation.Repeat();
        IReadOnlyList<PeerSignal> answered = callee.Drain();
        Assert.Equal([DescriptionType.Answer], Types(answered));
        caller.Hear(answered);
        Assert.Empty(caller.Hear(answered));
        caller.Negotiation.Repeat();
        Assert.Empty(Types(caller.Drain()));
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
    }

    [Fact(Timeout = Patience)]
    public async Task Role_ThatBecomesOffer_BeginsWithWhatIsThere()
    {
        await using var peer = new NegotiatingPeer(PairRole.None);
        Assert.Empty(await peer.GatherAsync());
        peer.Negotiation.SetRole(PairRole.Offer);
        IReadOnlyList<PeerSignal> said = peer.Drain();
        Assert.Equal([DescriptionType.Offer], Types(said));
        Assert.NotEmpty(Candidates(said));
        peer.Negotiation.SetRole(PairRole.Offer);
        Assert.Empty(peer.Drain());
    }

    [Fact(Timeout = Patience)]
    public async Task Descriptions_ThatCannotBeUsed_AreNamedAndLeftOut()
    {
        await using var peer = new NegotiatingPeer(PairRole.Answer);
        Assert.Empty(peer.Hear(new DescriptionSignal(new PeerDescription(DescriptionType.Offer, "nonsense"))));
        Assert.Contains("not a session description", peer.Negotiation.Problem, StringComparison.Ordinal);
        Assert.Empty(peer.Hear(new DescriptionSignal(new PeerDescription(DescriptionType.Answer, DescriptionExamples.PionAnswer))));
        Assert.Null(peer.Negotiation.Remote);
        Assert.Equal([DescriptionType.Answer], Types(peer.Hear(new DescriptionSignal(new PeerDescription(DescriptionType.Offer, DescriptionExamples.Chrome)))));
        Assert.Null(peer.Negotiation.Problem);
    }

    private static async Task ConnectAsync(NegotiatingPeer caller, NegotiatingPeer callee)
    {
        IReadOnlyList<PeerSignal> offered = await caller.GatherAsync();
        caller.Hear([.. callee.Hear(offered), .. await callee.GatherAsync()]);
        await Task.WhenAll(caller.Connection.ConnectAsync(), callee.Connection.ConnectAsync());
    }
}
