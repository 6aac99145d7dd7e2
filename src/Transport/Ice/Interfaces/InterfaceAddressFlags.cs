using System;

namespace Stack.Transport;

/// <summary>What Linux knows about an IPv6 address (<c>IFA_F_</c>).</summary>
[Flags]
internal enum InterfaceAddressFlags : byte
{
    None = 0,
    Temporary = 0x01,
    DuplicateFound = 0x08,
    Deprecated = 0x20,
    Tentative = 0x40,
}
