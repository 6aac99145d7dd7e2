namespace Stack.Signaling;

/// <summary>One candidate on its way between two peers, or the end of them.</summary>
/// <param name="Line">The candidate with <c>candidate:</c> and without <c>a=</c>; empty at the end of the candidates.</param>
/// <param name="Mid">The media section by its name; null where it was not told.</param>
/// <param name="LineIndex">The media section by its place, counted from 0; null where it was not told.</param>
/// <param name="UsernameFragment">The ICE username fragment that it belongs to; null where it was not told.</param>
public sealed record PeerCandidate(string Line, string? Mid = null, int? LineIndex = null, string? UsernameFragment = null)
{
    /// <summary>Whether there are no more candidates to come.</summary>
    public bool IsEnd => Line.Length == 0;
}
