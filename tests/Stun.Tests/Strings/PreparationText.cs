using FsCheck;
using FsCheck.Fluent;

namespace Stack.Stun.Tests;

/// <summary>Texts over code units at which preparations branch, lone surrogates among them.</summary>
internal static class PreparationText
{
    public static Arbitrary<string> Arbitrary { get; } = Gen.OneOf(
            Gen.Elements(
                'a', 'l', '1', ' ', '\t', '\u00A0', '\u00AD', '\u00B7', '\u00AA', '\u0300', '\u0301', '\u0323', '\u0375', '\u03B1', '\u05D0',
                '\u05F3', '\u0627', '\u062C', '\u0660', '\u06F0', '\u0915', '\u094D', '\u1100', '\u1161', '\u11A8', '\u1680', '\u200B', '\u200C',
                '\u200D', '\u212B', '\u2168', '\u30AB', '\u30FB', '\uFB1D', '\uFDFA', '\uFFFE', '\uD83D', '\uDE00', '\uD87E', '\uDC68'),
            Gen.Choose(0, 0xFFFF).Select(static unit => (char)unit))
        .ArrayOf()
        .Select(static units => new string(units))
        .ToArbitrary();
}
