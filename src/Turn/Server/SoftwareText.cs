using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>SOFTWARE, where the operator wants it told (RFC 8656 section 5).</summary>
internal static class SoftwareText
{
    public static void AddTo(ref StunMessageWriter writer, TurnServerOptions options)
    {
        if (!string.IsNullOrEmpty(options.Software))
        {
            writer.AddSoftware(Encoding.UTF8.GetBytes(options.Software));
        }
    }
}
