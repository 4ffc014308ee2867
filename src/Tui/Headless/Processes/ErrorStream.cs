namespace JobCloud.Tui.Headless.Processes;

/// <summary>Standard error. What cannot be written there cannot be reported anywhere, so it is
/// lost: a command still does its work, and then fails.</summary>
internal sealed class ErrorStream(Stream stream) : WriteOnlyStream
{
    /// <summary>True if something was lost.</summary>
    public bool HasLost { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            stream.Write(buffer);
        }
        catch (IOException)
        {
            HasLost = true;
        }
    }
}
