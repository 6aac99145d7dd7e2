using System;
using Stack.Stun;

namespace Stack.Cli;

/// <summary>Who gets what comes to a <see cref="LoadPort"/>.</summary>
internal interface ILoadReader
{
    /// <summary>A datagram has come; its bytes are there during the call alone.</summary>
    void OnDatagram(LoadPort port, ReadOnlySpan<byte> datagram, TransportAddress source);
}
