using System.Collections.Generic;
using System.Globalization;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Numbers foundations (RFC 8445 section 5.1.1.3): equal exactly where type, base address, server address and transport are. Tells nothing of the addresses.</summary>
internal sealed class FoundationTable
{
    private readonly Dictionary<(CandidateType Type, TransportAddress Base, TransportAddress Server, CandidateTransport Transport), string> _known = [];

    public string Get(CandidateType type, TransportAddress baseAddress, TransportAddress server, CandidateTransport transport)
    {
        var key = (type, baseAddress.WithPort(0), server.IsNone ? default : server.WithPort(0), transport);
        if (!_known.TryGetValue(key, out string? foundation))
        {
            foundation = (_known.Count + 1).ToString(CultureInfo.InvariantCulture);
            _known.Add(key, foundation);
        }

        return foundation;
    }
}
