using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Stack.Signaling;

/// <summary>Fresh relay credentials.</summary>
/// <param name="Servers">STUN and TURN servers.</param>
/// <param name="CredentialsExpire">How long their credentials are good; null where nothing expires.</param>
public sealed record OwnServers(IReadOnlyList<RelayServer> Servers, TimeSpan? CredentialsExpire) : OwnMessage
{
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("servers"u8);
        OwnWriting.Servers(writer, Servers, CredentialsExpire);
        writer.WriteEndObject();
    }
}
