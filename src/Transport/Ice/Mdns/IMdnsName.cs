using System;

namespace Stack.Transport;

/// <summary>A name that is answered for until it is disposed of.</summary>
internal interface IMdnsName : IDisposable
{
    /// <summary>Such as <c>1f4712db-ea17-4bcf-a596-105139dfd8bf.local</c>.</summary>
    string Name { get; }
}
