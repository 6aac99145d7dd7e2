using System.Text;

namespace Stack.Cli;

/// <summary>Writes the names of enumerations as JSON and people have them: <c>AddressDependent</c> becomes <c>address-dependent</c>.</summary>
internal static class Kebab
{
    public static string From(string pascal)
    {
        var text = new StringBuilder();
        foreach (char c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length != 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
