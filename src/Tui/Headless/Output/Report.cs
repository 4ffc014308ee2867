using JobCloud.Protocol.PublicJson;

namespace JobCloud.Tui.Headless.Output;

/// <summary>The outcome of a command. A closed hierarchy: the writers handle exactly these
/// cases.</summary>
internal abstract record Report
{
    private Report() { }

    /// <summary>No text.</summary>
    internal sealed record Nothing(Func<PublicDocument> Json) : Report
    {
        /// <summary>A message on stderr, except with <c>-o quiet</c>.</summary>
        public string? Note { get; init; }
    }

    /// <summary>Values, one per line.</summary>
    internal sealed record Values(IReadOnlyList<string> Lines, Func<PublicDocument> Json) : Report
    {
        /// <summary>What the command has changed, if it cannot print its values.</summary>
        public string? Done { get; init; }
    }

    /// <summary>Rows with column names.</summary>
    /// <param name="Rows">Enumerated more than once.</param>
    internal sealed record Table(
        string[] Columns,
        IEnumerable<TableCell[]> Rows,
        Func<PublicDocument> Json
    ) : Report
    {
        /// <summary>The columns that a narrow terminal leaves out, the least important
        /// first.</summary>
        public IReadOnlyList<string> Expendable { get; init; } = [];

        /// <summary>A message on stderr after the rows.</summary>
        public string? Note { get; init; }
    }

    /// <summary>Text and tables, one after another.</summary>
    internal sealed record Document(IReadOnlyList<Part> Parts, Func<PublicDocument> Json) : Report;

    /// <summary>The command has written its data as a stream; the process exits with this
    /// code.</summary>
    internal sealed record Ended(int ExitCode) : Report;

    internal sealed record Failure(CommandError Error) : Report;

    public static implicit operator Report(CommandError error) => new Failure(error);
}

/// <summary>A part of a document.</summary>
internal abstract record Part
{
    private Part() { }

    /// <summary>Text; a final newline is added if it is missing.</summary>
    internal sealed record Text(string Content) : Part;

    /// <summary>A small table, only for text output.</summary>
    internal sealed record Rows(string[] Columns, IReadOnlyList<string[]> Cells) : Part;
}
