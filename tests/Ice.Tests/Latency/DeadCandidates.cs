namespace Stack.Ice.Tests;

/// <summary>Where twenty candidates lie that nobody answers at.</summary>
public enum DeadCandidates : byte
{
    /// <summary>In one network.</summary>
    OneNetwork,

    /// <summary>In twenty private networks, such as a machine with many containers has.</summary>
    PrivateNetworks,

    /// <summary>In twenty public networks, where nothing tells them from the one that answers.</summary>
    PublicNetworks,
}
