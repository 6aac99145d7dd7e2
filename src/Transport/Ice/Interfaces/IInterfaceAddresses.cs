using System.Collections.Generic;

namespace Stack.Transport;

/// <summary>Lists the addresses of the interfaces that are up.</summary>
internal interface IInterfaceAddresses
{
    IReadOnlyList<IceInterfaceAddress> List();
}
