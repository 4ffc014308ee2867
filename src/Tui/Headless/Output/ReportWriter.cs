using System.Text;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Output;

/// <summary>Writes reports: data to stdout, everything else to stderr. What others named reaches a
/// terminal as visible text only.</summary>
internal static class ReportWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes <paramref name="report"/> and returns the exit code.</summary>
    public static int Write(Report report, OutputFormat format, CommandProcess terminal)
    {
        switch (report)
        {
            case Report.Ended ended:
                return ended.ExitCode;
            case Report.Failure failure:
                Write(failure.Error, format, terminal);
                return failure.Error.ExitCode;
        }
        if (format == OutputFormat.Json)
            WriteJson(report, terminal);
        else
            WriteText(report, format, terminal);
        var note = report switch
        {
            Report.Table table => table.Note,
            Report.Nothing nothing when format is OutputFormat.Default or OutputFormat.NoHeader =>
                nothing.Note,
            _ => null,
        };
        if (note is not null)
            terminal.Error.WriteLine(note);
        return CommandExitCodes.Success;
    }

    private static void Write(CommandError error, OutputFormat format, CommandProcess terminal)
    {
        if (format != OutputFormat.Json)
        {
            terminal.Error.WriteLine(TextOf(error));
            return;
        }
        var line = DocumentWriter.Line(new ErrorDocument(error.ToPublic()));
        terminal.Error.Write(Utf8.GetString(line));
    }

    private static string TextOf(CommandError error)
    {
        var text = new StringBuilder(error.Message);
        if (error.Stderr.Length > 0)
            text.Append($"\nThe last lines of its stderr:\n  {error.Stderr.Replace("\n", "\n  ")}");
        if (error.Next.Length > 0)
            text.Append($"\n{error.Next}");
        return text.ToString();
    }

    private static void WriteJson(Report report, CommandProcess terminal)
    {
        using var output = new BufferedStream(terminal.Output, 1 << 16);
        using (var json = DocumentWriter.New(output))
            DocumentWriter.Write(json, DocumentOf(report));
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    private static PublicDocument DocumentOf(Report report) =>
        report switch
        {
            Report.Nothing nothing => nothing.Json(),
            Report.Values values => values.Json(),
            Report.Document document => document.Json(),
            Report.Table table => table.Json(),
            _ => new EmptyDocument(),
        };

    private static void WriteText(Report report, OutputFormat format, CommandProcess terminal)
    {
        using var output = new StreamWriter(terminal.Output, Utf8, 1 << 14, leaveOpen: true);
        using var writer = new VisibleWriter(output);
        switch (report)
        {
            case Report.Values values:
                foreach (var line in values.Lines)
                    WriteLine(writer, line);
                break;
            case Report.Table table:
                WriteTable(writer, table, format, terminal);
                break;
            case Report.Document document:
                foreach (var part in document.Parts)
                    WritePart(writer, part, format, terminal);
                break;
        }
    }

    private static void WriteTable(
        TextWriter writer,
        Report.Table table,
        OutputFormat format,
        CommandProcess terminal
    )
    {
        if (format == OutputFormat.Quiet)
        {
            foreach (var row in table.Rows)
                WriteLine(writer, TextTable.OneLine(row[0].Text));
            return;
        }
        int[] expendable = [.. table.Expendable.Select(name => Array.IndexOf(table.Columns, name))];
        TextTable.Write(
            writer,
            format == OutputFormat.NoHeader ? null : table.Columns,
            table.Rows,
            terminal.OutputIsTerminal ? terminal.Width() : 0,
            expendable,
            CellColours.AreShown(terminal.OutputIsTerminal, terminal.Variable)
        );
    }

    private static void WritePart(
        TextWriter writer,
        Part part,
        OutputFormat format,
        CommandProcess terminal
    )
    {
        switch (part)
        {
            case Part.Text text:
                writer.Write(text.Content);
                if (text.Content.Length > 0 && !text.Content.EndsWith('\n'))
                    writer.Write('\n');
                break;
            case Part.Rows rows:
                TextTable.Write(
                    writer,
                    format == OutputFormat.Default ? rows.Columns : null,
                    rows.Cells.Select(static row => Array.ConvertAll(row, TableCell.Of)),
                    terminal.OutputIsTerminal ? terminal.Width() : 0
                );
                break;
        }
    }

    private static void WriteLine(TextWriter writer, string line)
    {
        writer.Write(line);
        writer.Write('\n');
    }
}
