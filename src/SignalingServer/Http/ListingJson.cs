using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Stack.Signaling.Server;

/// <summary>The answers of the listing, and errors, as VILLASframework's server words them.</summary>
internal static class ListingJson
{
    public static Task WriteAsync(HttpContext context, IReadOnlyList<SessionListing> sessions) => WriteAsync(context, json =>
    {
        json.WriteStartArray("sessions");
        foreach (SessionListing session in sessions)
        {
            json.WriteStartObject();
            WriteMembers(json, session);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static Task WriteAsync(HttpContext context, SessionListing session) => WriteAsync(context, json =>
    {
        json.WriteStartObject("session");
        WriteMembers(json, session);
        json.WriteEndObject();
    });

    /// <summary>Writes an error; the status of the response says which.</summary>
    public static Task WriteErrorAsync(HttpContext context, string error) => WriteAsync(context, json =>
    {
        json.WriteString("error", error);
        json.WriteString("status", ReasonPhrases.GetReasonPhrase(context.Response.StatusCode));
    });

    private static void WriteMembers(Utf8JsonWriter json, SessionListing session)
    {
        json.WriteString("name", session.Name);
        json.WriteString("created", session.Created);
        json.WriteStartArray("peers");
        foreach (SessionPeer peer in session.Peers)
        {
            json.WriteStartObject();
            json.WriteString("name", peer.Name);
            json.WriteNumber("id", peer.Id);
            json.WriteString("dialect", peer.Dialect.ToString().ToLowerInvariant());
            json.WriteString("remote", peer.Remote);
            json.WriteString("user_agent", peer.UserAgent);
            json.WriteString("created", peer.Created);
            json.WriteString("connected", peer.Connected);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
