using System.Text.Json;

namespace JobCloud.Tui.Headless.Output;

/// <summary>Puts the members of the one JSON object of a report.</summary>
internal delegate void JsonMembers(Utf8JsonWriter json);

/// <summary>What a command has to say. Closed: the writers know each of these and nothing
/// else.</summary>
internal abstract record Report
{
    private Report() { }

    /// <summary>Silence; the JSON document still has <paramref name="Json"/>.</summary>
    internal sealed record Nothing(JsonMembers? Json = null) : Report;

    /// <summary>Bare values, one a line.</summary>
    internal sealed record Values(IReadOnlyList<string> Lines, JsonMembers Json) : Report;

    /// <summary>Rows under headings; in JSON, an array <paramref name="Name"/> of
    /// objects.</summary>
    /// <param name="Rows">Gone through more than once.</param>
    internal sealed record Table(string Name, string[] Columns, IEnumerable<Cell[]> Rows) : Report
    {
        /// <summary>In JSON, these members stand in place of the array.</summary>
        public JsonMembers? Json { get; init; }

        /// <summary>Said on stderr after the rows.</summary>
        public string? Note { get; init; }
    }

    /// <summary>Prose and tables, one after another.</summary>
    internal sealed record Document(IReadOnlyList<Part> Parts, JsonMembers Json) : Report
    {
        /// <summary>False where the JSON object is keyed by jid, with no room for ours.</summary>
        public bool Versioned { get; init; } = true;
    }

    /// <summary>The command's data went out as a stream; the process ends with this code.</summary>
    internal sealed record Ended(int ExitCode) : Report;

    internal sealed record Failure(Trouble Trouble) : Report;

    public static implicit operator Report(Trouble trouble) => new Failure(trouble);
}

/// <summary>A piece of a document.</summary>
internal abstract record Part
{
    private Part() { }

    /// <summary>Text as it is; a last newline is added where there is none.</summary>
    internal sealed record Text(string Content) : Part;

    /// <summary>A small table without a heading of its own in JSON.</summary>
    internal sealed record Rows(string[] Columns, IReadOnlyList<string[]> Cells) : Part;
}
