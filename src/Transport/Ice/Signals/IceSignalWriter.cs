using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stack.Ice;

namespace Stack.Transport;

/// <summary>Writes signals.</summary>
internal static class IceSignalWriter
{
    // Base64 and candidates have + and /, which the default encoder escapes for the sake of HTML; the line is not part of any.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IceSignal signal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            if (signal.Parameters is { } parameters)
            {
                WriteParameters(writer, parameters);
            }

            switch (signal.Kind)
            {
                case IceSignalKind.Candidate:
                    writer.WriteString("candidate", CandidateAttribute.Format(signal.Candidates[0].Candidate));
                    writer.WriteNumber("stream", signal.Candidates[0].Stream);
                    WriteFragment(writer, signal);
                    break;
                case IceSignalKind.EndOfCandidates:
                    writer.WriteString("candidate", "");
                    WriteFragment(writer, signal);
                    break;
                case IceSignalKind.Description:
                    WriteCandidates(writer, signal.Candidates);
                    break;
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteParameters(Utf8JsonWriter writer, IceParameters parameters)
    {
        writer.WriteString("ufrag", parameters.Credentials.UsernameFragment);
        writer.WriteString("pwd", parameters.Credentials.Password);
        if (parameters.SupportsIce2 || parameters.Trickles)
        {
            writer.WriteStartArray("options");
            if (parameters.SupportsIce2)
            {
                writer.WriteStringValue("ice2");
            }

            if (parameters.Trickles)
            {
                writer.WriteStringValue("trickle");
            }

            writer.WriteEndArray();
        }

        if (parameters.IsLite)
        {
            writer.WriteBoolean("lite", true);
        }

        if (parameters.Pacing is { } pacing)
        {
            writer.WriteNumber("pacing", (int)pacing.TotalMilliseconds);
        }
    }

    private static void WriteFragment(Utf8JsonWriter writer, IceSignal signal)
    {
        if (signal.UsernameFragment is { } fragment)
        {
            writer.WriteString("ufrag", fragment);
        }
    }

    private static void WriteCandidates(Utf8JsonWriter writer, IReadOnlyList<IceSignaledCandidate> candidates)
    {
        int streams = candidates.Count == 0 ? 1 : candidates.Max(static one => one.Stream) + 1;
        writer.WriteStartArray("candidates");
        for (int stream = 0; stream < streams; stream++)
        {
            if (streams > 1)
            {
                writer.WriteStartArray();
            }

            foreach (IceSignaledCandidate one in candidates)
            {
                if (one.Stream == stream)
                {
                    writer.WriteStringValue(CandidateAttribute.Format(one.Candidate));
                }
            }

            if (streams > 1)
            {
                writer.WriteEndArray();
            }
        }

        writer.WriteEndArray();
    }
}
