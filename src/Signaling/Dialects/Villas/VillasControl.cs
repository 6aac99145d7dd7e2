using System.Collections.Generic;

namespace Stack.Signaling;

/// <summary>Who is in the session, sent to all at every coming and going; who goes is still listed.</summary>
/// <param name="PeerId">The number of the one who is told.</param>
/// <param name="Peers">All peers, the one who is told included.</param>
public sealed record VillasControl(int PeerId, IReadOnlyList<VillasPeer> Peers) : VillasMessage
{
    /// <summary>
    /// What the one who is told does: of the two smallest numbers of the list, the smaller waits for the offer and the larger makes it; anybody else stands by.
    /// </summary>
    /// <param name="partner">The number of the other one of the two; 0 for who stands by.</param>
    public PairRole RoleOf(out int partner)
    {
        int first = int.MaxValue;
        int second = int.MaxValue;
        foreach (VillasPeer peer in Peers)
        {
            if (peer.Id > 0 && peer.Id < first)
            {
                (first, second) = (peer.Id, first);
            }
            else if (peer.Id > first && peer.Id < second)
            {
                second = peer.Id;
            }
        }

        bool isPair = second != int.MaxValue;
        partner = isPair && PeerId == first ? second : isPair && PeerId == second ? first : 0;
        return partner == 0 ? PairRole.None : PeerId == first ? PairRole.Answer : PairRole.Offer;
    }

    private protected override void Write(GoJson json)
    {
        json.Open("control", '{').Member("peer_id", PeerId).Open("peers", '[');
        foreach (VillasPeer peer in Peers)
        {
            json.Open()
                .Member("name", peer.Name)
                .Member("id", peer.Id)
                .Member("remote", peer.Remote)
                .Member("user_agent", peer.UserAgent)
                .Member("created", peer.Created)
                .Member("connected", peer.Connected);
            if (peer.Signals is { } signals && signals != "[]")
            {
                json.Raw("signals", signals);
            }

            json.Close('}');
        }

        json.Close(']').Close('}');
    }
}
