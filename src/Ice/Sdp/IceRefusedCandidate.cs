namespace Stack.Ice;

/// <summary>A candidate line that could not be read, and so was left out.</summary>
/// <param name="Line">The line, counted from 1: of the description, or in a list of candidates the one of the list.</param>
/// <param name="Position">The character at fault, counted from 0: in a description that of the whole text, in a list that of the line.</param>
/// <param name="Reason">What is wrong with it.</param>
public readonly record struct IceRefusedCandidate(int Line, int Position, CandidateAttributeStatus Reason);
