using System.Linq;
using Xunit.Abstractions;

namespace Stack.TestKit;

/// <summary>Reads <see cref="AttemptsAttribute"/> where a test is discovered.</summary>
internal static class AttemptsDiscovery
{
    /// <summary>How often the tests of the assembly may be tried; once where it does not say.</summary>
    public static int GetAttempts(ITestMethod method)
        => method.TestClass.TestCollection.TestAssembly.Assembly
            .GetCustomAttributes(typeof(AttemptsAttribute))
            .Select(static attribute => attribute.GetConstructorArguments().OfType<int>().Single())
            .SingleOrDefault(1);
}
