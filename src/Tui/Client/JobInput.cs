namespace JobCloud.Client;

/// <summary>What a job gets: a text, or a file that is sent along. Contents over 4 KiB are sent in
/// parts and only if the cloud does not have them; none is held in memory as a whole.</summary>
public sealed class JobInput
{
    private JobInput(string text, Func<Stream>? open, string? path) =>
        (Text, Open, Path) = (text, open, path);

    /// <summary>The text, or the name of the file in the job's directory.</summary>
    public string Text { get; }

    /// <summary>Opens the content; null: there is a text or a path.</summary>
    internal Func<Stream>? Open { get; }
    internal string? Path { get; }
    internal bool IsFile => Open is not null || Path is not null;

    /// <summary>A text, as it is.</summary>
    public static JobInput OfText(string text) => new(text, null, null);

    /// <summary>A file of this machine, read when the job is submitted.</summary>
    public static JobInput OfFile(string path) => new(System.IO.Path.GetFileName(path), null, path);

    /// <summary>Bytes.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">The name of the file in the job's directory.</param>
    public static JobInput OfBytes(byte[] content, string name = "input") =>
        new(name, () => new MemoryStream(content, writable: false), null);

    /// <summary>A stream, read to its end when the job is submitted; it is not disposed
    /// of.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">The name of the file in the job's directory.</param>
    public static JobInput OfStream(Stream content, string name = "input") =>
        new(name, () => content, null);

    /// <summary>A text, as it is.</summary>
    public static implicit operator JobInput(string text) => OfText(text);
}
