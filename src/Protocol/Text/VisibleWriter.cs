using System.Text;

namespace JobCloud.Protocol.Text;

/// <summary>Writes only visible text, with its line ends and tabs (<see
/// cref="VisibleText"/>).</summary>
public sealed class VisibleWriter(TextWriter to) : TextWriter
{
    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) =>
        Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (value is not null)
            to.Write(VisibleText.Of(value));
    }

    public override void WriteLine(string? value)
    {
        Write(value);
        WriteLine();
    }

    public override void WriteLine() => to.Write('\n');

    /// <summary>Writes a sequence of this program's own that controls the terminal.</summary>
    public void WriteControl(string sequence) => to.Write(sequence);

    public override void Flush() => to.Flush();
}
