using System.IO;
using System.Text;

namespace Stack.Cli;

/// <summary>Standard output for code that is not ours, such as the help page: says by its own exception that the reader has gone.</summary>
internal sealed class AnswerWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        try
        {
            inner.Write(value);
        }
        catch (IOException error)
        {
            throw new OutputClosedException(error);
        }
    }

    public override void Write(string? value)
    {
        try
        {
            inner.Write(value);
            inner.Flush();
        }
        catch (IOException error)
        {
            throw new OutputClosedException(error);
        }
    }
}
