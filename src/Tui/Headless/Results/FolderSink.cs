using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes one file per job, named by its jid; a failure goes to
/// <c>JID.error</c>.</summary>
internal sealed class FolderSink : ResultSink
{
    private readonly Dictionary<string, string> _files = [];
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
        _files[jid.ToString()] = file;
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
                ErrorKinds.Unexpected,
                $"The directory {_folder} of --output-dir cannot be used: {why}; name another one."
            )
        );

    public override void Complete()
    {
        if (!_json)
            return;
        _output.Write(DocumentWriter.Line(new ResultFilesDocument(_files)));
    }
}
