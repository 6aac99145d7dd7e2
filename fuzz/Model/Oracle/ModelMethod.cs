namespace Stack.Fuzz.Model;

/// <summary>Methods and classes.</summary>
internal static class ModelMethod
{
    public const int Binding = 1;
    public const int Allocate = 3;
    public const int Refresh = 4;
    public const int Send = 6;
    public const int Data = 7;
    public const int CreatePermission = 8;
    public const int ChannelBind = 9;
    public const int Connect = 10;
    public const int ConnectionBind = 11;
    public const int ConnectionAttempt = 12;

    public const int Request = 0;
    public const int Indication = 1;
    public const int Success = 2;
    public const int Error = 3;
}
