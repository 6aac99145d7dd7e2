using System;

namespace Stack.Fuzz.Model;

/// <summary>The server did something that the model does not.</summary>
public sealed class ModelViolationException : Exception
{
    public ModelViolationException()
    {
    }

    public ModelViolationException(string message)
        : base(message)
    {
    }

    public ModelViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ModelViolationException(rule);
        }
    }
}
