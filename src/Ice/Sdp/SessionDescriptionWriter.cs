using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Stack.Stun;

namespace Stack.Ice;

/// <summary>Writes a description that has been checked, in one form.</summary>
internal static class SessionDescriptionWriter
{
    public static string Write(IceSessionDescription description, bool isFragment)
    {
        var text = new StringBuilder(1024);
        if (!isFragment)
        {
            Line(text, "v=0");
            Line(text, $"o={description.Origin}");
            Line(text, "s=-");
            Line(text, "t=0 0");
        }

        if (description.IsLite)
        {
            Line(text, "a=ice-lite");
        }

        if (description.Pacing is { } pacing)
        {
            Line(text, "a=ice-pacing:" + ((long)pacing.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        }

        WriteOptions(text, description.Options);
        WriteCredentials(text, description.Credentials);
        if (description.EndOfCandidates)
        {
            Line(text, "a=end-of-candidates");
        }

        WriteAttributes(text, description.Attributes);
        foreach (IceMediaDescription medium in description.Media)
        {
            WriteMedium(text, medium, isFragment);
        }

        return text.ToString();
    }

    private static void WriteMedium(StringBuilder text, IceMediaDescription medium, bool isFragment)
    {
        Line(text, $"m={medium.Media} {Number(isFragment ? CandidateKeywords.DiscardPort : medium.Port)} {medium.Protocol} {medium.Formats}");
        if (!isFragment)
        {
            string address = medium.DefaultHost ?? SdpAddress.Format(medium.Default);
            Line(text, $"c=IN {SdpAddress.TypeOf(medium.Default)} {address}");
            if (medium.RtcpDefault is { } rtcp)
            {
                Line(text, $"a=rtcp:{Number(rtcp.Port)} IN {SdpAddress.TypeOf(rtcp)} {SdpAddress.Format(rtcp)}");
            }
        }

        if (medium.MultiplexesRtcp)
        {
            Line(text, "a=rtcp-mux");
        }

        if (medium.Mid is { } mid)
        {
            Line(text, $"a=mid:{mid}");
        }

        WriteOptions(text, medium.Options);
        WriteCredentials(text, medium.Credentials);
        WriteAttributes(text, medium.Attributes);
        if (medium.IsMismatch)
        {
            Line(text, "a=ice-mismatch");
        }

        foreach (Candidate candidate in medium.Candidates)
        {
            Line(text, $"a={CandidateAttribute.Format(candidate)}");
        }

        WriteRemoteCandidates(text, medium);
        if (medium.EndOfCandidates)
        {
            Line(text, "a=end-of-candidates");
        }
    }

    private static void WriteAttributes(StringBuilder text, IReadOnlyList<string> attributes)
    {
        foreach (string attribute in attributes)
        {
            Line(text, $"a={attribute}");
        }
    }

    private static void WriteOptions(StringBuilder text, IReadOnlyList<string> options)
    {
        if (options.Count > 0)
        {
            Line(text, $"a=ice-options:{string.Join(' ', options)}");
        }
    }

    private static void WriteCredentials(StringBuilder text, IceCredentials? credentials)
    {
        if (credentials is not null)
        {
            Line(text, $"a=ice-ufrag:{credentials.UsernameFragment}");
            Line(text, $"a=ice-pwd:{credentials.Password}");
        }
    }

    private static void WriteRemoteCandidates(StringBuilder text, IceMediaDescription medium)
    {
        if (medium.RemoteCandidates.Count == 0)
        {
            return;
        }

        text.Append("a=remote-candidates:");
        for (int i = 0; i < medium.RemoteCandidates.Count; i++)
        {
            (int componentId, TransportAddress address) = medium.RemoteCandidates[i];
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : " ")}{componentId} {SdpAddress.Format(address)} {address.Port}");
        }

        text.Append("\r\n");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
