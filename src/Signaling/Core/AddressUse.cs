namespace Stack.Signaling;

/// <summary>What one address uses.</summary>
internal sealed class AddressUse(RateBucket connects)
{
    public RateBucket Connects => connects;

    public int Open { get; set; }
}
