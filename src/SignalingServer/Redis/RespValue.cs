using System.Collections.Generic;
using System.Text;

namespace Stack.Signaling.Server;

/// <summary>A value that a store has sent.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">The text of texts and errors.</param>
/// <param name="Number">The number of numbers.</param>
/// <param name="Items">What arrays and pushes hold.</param>
internal sealed record RespValue(RespKind Kind, byte[] Bytes, long Number, IReadOnlyList<RespValue> Items)
{
    public static readonly RespValue Null = new(RespKind.Null, [], 0, []);

    public string Text => Encoding.UTF8.GetString(Bytes);

    public static RespValue OfText(byte[] bytes) => new(RespKind.Text, bytes, 0, []);

    public static RespValue OfNumber(long number) => new(RespKind.Number, [], number, []);

    public static RespValue OfError(byte[] bytes) => new(RespKind.Error, bytes, 0, []);
}
