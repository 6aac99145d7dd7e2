namespace Stack.Fuzz.Model;

/// <summary>The attributes that scripts name by a byte, and values worth having.</summary>
internal static class ScriptAttributes
{
    public static readonly int[] Types =
    [
        ModelAttribute.RequestedTransport, ModelAttribute.Lifetime, ModelAttribute.XorPeerAddress, ModelAttribute.ChannelNumber,
        ModelAttribute.RequestedAddressFamily, ModelAttribute.AdditionalAddressFamily, ModelAttribute.EvenPort, ModelAttribute.ReservationToken,
        ModelAttribute.DontFragment, ModelAttribute.ConnectionId, ModelAttribute.Data, ModelAttribute.Software, ModelAttribute.XorRelayedAddress,
        ModelAttribute.Icmp, ModelAttribute.Username, ModelAttribute.Realm, ModelAttribute.Nonce, ModelAttribute.MessageIntegrity,
        ModelAttribute.MessageIntegritySha256, 0x0003, 0x0024, 0x7FFF, 0x8030, 0x0000, 0x8032,
    ];

    public static byte[] Value(int type, int form) => type switch
    {
        ModelAttribute.RequestedTransport => [(byte)((form & 7) == 7 ? form : (form & 1) == 0 ? 17 : 6), 0, 0, 0],
        ModelAttribute.RequestedAddressFamily or ModelAttribute.AdditionalAddressFamily => [(byte)(form & 3), 0, 0, 0],
        ModelAttribute.EvenPort => [(byte)(form << 7)],
        ModelAttribute.ChannelNumber => [0x40, (byte)(form & 7), 0, 0],
        ModelAttribute.Lifetime => (form & 7) switch
        {
            0 => [0, 0, 0, 0],
            1 => [0, 0, 0x02, 0x58],
            2 => [0, 0, 0x0E, 0x10],
            3 => [0xFF, 0xFF, 0xFF, 0xFF],
            _ => [0, 0, (byte)form, 0],
        },
        ModelAttribute.DontFragment => [],
        ModelAttribute.ReservationToken => new byte[8],
        ModelAttribute.Icmp => new byte[8],
        ModelAttribute.MessageIntegrity => new byte[20],
        ModelAttribute.MessageIntegritySha256 => new byte[32],
        _ => new byte[form & 0x1F],
    };
}
