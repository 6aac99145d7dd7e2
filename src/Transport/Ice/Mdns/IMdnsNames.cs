using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>Publishes and resolves <c>.local</c> names on the link (RFC 6762).</summary>
internal interface IMdnsNames
{
    /// <summary>Answers for a new random name until the result is disposed of.</summary>
    /// <returns>Null where the link cannot be used for it.</returns>
    IMdnsName? Publish(TransportAddress address);

    /// <summary>Asks the link for the address of a name.</summary>
    /// <returns>The address with port 0; the default value where nobody answers in time.</returns>
    ValueTask<TransportAddress> ResolveAsync(string name, CancellationToken cancellationToken);
}
