using System.Text;
using System.Text.Json;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Output;

/// <summary>Writes reports: data to stdout, everything else to stderr. What others named reaches a
/// terminal as visible text only.</summary>
internal static class ReportWriter
{
    public const int JsonVersion = 1;

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
        using var buffer = new MemoryStream();
        using (var json = NewJson(buffer))
        {
            json.WriteStartObject();
            WriteError(json, error);
            json.WriteEndObject();
        }
        terminal.Error.WriteLine(Utf8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
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

    /// <summary>Writes the member <c>error</c> of the current object.</summary>
    public static void WriteError(Utf8JsonWriter json, CommandError error)
    {
        json.WriteStartObject("error");
        if (error.Jid > 0)
            json.WriteNumber("jid", error.Jid);
        else
            json.WriteNull("jid");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        if (error.Stderr.Length > 0)
            json.WriteString("stderr", error.Stderr);
        if (error.Next.Length > 0)
            json.WriteString("next", error.Next);
        json.WriteEndObject();
    }

    /// <summary>A writer that escapes only what JSON requires and what is not visible, so that
    /// people can read the text.</summary>
    public static Utf8JsonWriter NewJson(Stream stream) =>
        new(stream, new JsonWriterOptions { Encoder = VisibleJsonEncoder.Instance });

    private static void WriteJson(Report report, CommandProcess terminal)
    {
        using var output = new BufferedStream(terminal.Output, 1 << 16);
        using (var json = NewJson(output))
        {
            json.WriteStartObject();
            json.WriteNumber("version", JsonVersion);
            WriteMembers(report, json);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    private static void WriteMembers(Report report, Utf8JsonWriter json)
    {
        switch (report)
        {
            case Report.Nothing nothing:
                nothing.Json?.Invoke(json);
                break;
            case Report.Values values:
                values.Json(json);
                break;
            case Report.Document document:
                document.Json(json);
                break;
            case Report.Table { Json: { } members }:
                members(json);
                break;
            case Report.Table table:
                WriteRows(table, json);
                break;
        }
    }

    private static void WriteRows(Report.Table table, Utf8JsonWriter json)
    {
        var names = Array.ConvertAll(
            table.Columns,
            static column => JsonEncodedText.Encode(column)
        );
        json.WriteStartArray(table.Name);
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(names[i]);
                row[i].Write(json);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

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
