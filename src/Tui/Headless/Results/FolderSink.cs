using System.Text.Json;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes one file per job, named by its jid; a failure goes to
/// <c>JID.error</c>.</summary>
internal sealed class FolderSink(string folder, Stream output, bool json) : ResultSink
{
    private readonly List<(Jid Jid, string File)> _files = [];

    public override Stream Open(Jid jid)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, jid.ToString());
        _files.Add((jid, file));
        return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    public override void AddFailure(CommandError error)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, $"{error.Jid}.error"),
            $"{VisibleText.Of(error.Message)}\n"
        );
    }

    public override void Complete()
    {
        if (!json)
            return;
        using (var writer = ReportWriter.NewJson(output))
            Write(writer);
        output.WriteByte((byte)'\n');
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", ReportWriter.JsonVersion);
        writer.WriteStartObject("files");
        foreach (var (jid, file) in _files)
            writer.WriteString(jid.ToString(), file);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
