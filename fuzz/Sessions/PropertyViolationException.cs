using System;
using System.Diagnostics.CodeAnalysis;

namespace Stack.Fuzz.Sessions;

/// <summary>A property of a session does not hold.</summary>
public sealed class PropertyViolationException : Exception
{
    /// <summary>Without a reason.</summary>
    public PropertyViolationException()
    {
    }

    /// <summary>With the property.</summary>
    public PropertyViolationException(string message)
        : base(message)
    {
    }

    /// <summary>With the property and a cause.</summary>
    public PropertyViolationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Throws where a property does not hold.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string property)
    {
        if (!holds)
        {
            throw new PropertyViolationException(property);
        }
    }
}
