using System.Collections.Generic;

namespace Stack.Transport;

internal sealed partial class IceGatherer
{
    private void OpenTcp(int stream, int component, HostAddress host, List<IceBase> bases)
    {
    }
}
