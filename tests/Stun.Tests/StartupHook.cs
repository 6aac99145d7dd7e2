using System;
using Stack.Stun;

#pragma warning disable MA0047 // The runtime asks for the global namespace.
/// <summary>
/// Runs in the process that a test starts from this assembly with DOTNET_STARTUP_HOOKS; the runtime looks for exactly this name, without a
/// namespace.
/// </summary>
internal static class StartupHook
#pragma warning restore MA0047
{
    public const string Trigger = "STACK_TEST_PREPARATION";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Trigger) is null)
        {
            return;
        }

        foreach ((string name, string text) in new[] { ("ascii", "password"), ("space", "pass\u00A0word"), ("accent", "e\u0301") })
        {
            OpaqueString.TryPrepare(text, out _, out StringPreparationStatus status);
            Console.WriteLine("opaque " + name + " " + status);
        }

        foreach ((string name, string text) in new[] { ("ascii", "password"), ("space", "pass\u00A0word"), ("accent", "e\u0301") })
        {
            SaslPrep.TryPrepareStored(text, out _, out StringPreparationStatus status);
            Console.WriteLine("sasl " + name + " " + status);
        }

        OpaqueString.TryPrepare("a\t", out _, out StringPreparationStatus control);
        Console.WriteLine("control " + control);
    }
}
