using System.Collections.Generic;
using System.Globalization;

namespace Stack.Ice;

/// <summary>
/// The foundations of an agent as the peer is told them (RFC 8839 section 5.1): <c>1</c>, <c>2</c>, ... in the order in which they are met. Not safe for
/// concurrent use.
/// </summary>
public sealed class FoundationTable
{
    private readonly Dictionary<Foundation, string> _names = [];

    /// <summary>How many foundations there are.</summary>
    public int Count => _names.Count;

    /// <summary>The text of a foundation: 1 to 10 digits, the same for equal foundations and another for others.</summary>
    /// <param name="foundation">The foundation.</param>
    public string NameOf(Foundation foundation)
    {
        if (!_names.TryGetValue(foundation, out string? name))
        {
            name = (_names.Count + 1).ToString(CultureInfo.InvariantCulture);
            _names.Add(foundation, name);
        }

        return name;
    }
}
