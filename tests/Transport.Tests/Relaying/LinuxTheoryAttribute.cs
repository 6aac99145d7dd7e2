using System;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>A theory about what only Linux can do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!DatagramPoller.HasLinuxCalls)
        {
            Skip = "Linux alone.";
        }
    }
}
