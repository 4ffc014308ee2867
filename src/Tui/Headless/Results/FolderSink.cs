using System.Text.Json;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes one file per job, named by its jid; a failure goes to
/// <c>JID.error</c>.</summary>
internal sealed class FolderSink : ResultSink
{
    private readonly List<(Jid Jid, string File)> _files = [];
    private readonly string _folder;
    private readonly Stream _output;
    private readonly bool _json;

    /// <exception cref="CommandErrorException">The directory cannot be used.</exception>
    public FolderSink(string folder, Stream output, bool json)
    {
        (_folder, _output, _json) = (folder, output, json);
        if (File.Exists(folder))
            throw Unusable("it is a file, not a directory");
        Try(() => Directory.CreateDirectory(folder));
    }

    public override Stream Open(Jid jid)
    {
        var file = Path.Combine(_folder, jid.ToString());
        _files.Add((jid, file));
        return Try(() => new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read));
    }

    public override void AddFailure(CommandError error)
    {
        var text = $"{VisibleText.Of(error.Message)}\n";
        Try(() =>
        {
            File.WriteAllText(Path.Combine(_folder, $"{error.Jid}.error"), text);
            return text;
        });
    }

    private T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(failure.Message.TrimEnd('.'));
        }
    }

    private CommandErrorException Unusable(string why) =>
        new(
            new CommandError(
                CommandExitCodes.Unexpected,
                CommandError.UnexpectedCode,
                $"The directory {_folder} of --output-dir cannot be used: {why}; name another one."
            )
        );

    public override void Complete()
    {
        if (!_json)
            return;
        using (var writer = ReportWriter.NewJson(_output))
            Write(writer);
        _output.WriteByte((byte)'\n');
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
