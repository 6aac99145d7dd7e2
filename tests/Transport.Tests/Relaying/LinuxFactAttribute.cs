using System;
using Xunit;

namespace Stack.Transport.Tests;

/// <summary>A fact about what only Linux can do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!DatagramPoller.HasLinuxCalls)
        {
            Skip = "Linux alone.";
        }
    }
}
