using Google.Protobuf;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>Gives a submission access to the files, working directory and stdin of this
/// process.</summary>
/// <param name="files">Takes the files to send along; null: there are none.</param>
/// <param name="inputIsTaken">True if stdin is used for something else.</param>
internal sealed class SubmissionSource(
    CommandProcess terminal,
    OutgoingFiles? files = null,
    bool inputIsTaken = false
) : ISubmissionSource
{
    public ByteString? TryRead(string path, string? beside = null)
    {
        try
        {
            return UnsafeByteOperations.UnsafeWrap(File.ReadAllBytes(Full(path, beside)));
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    public string Directory =>
        // A directory whose name is no text seems to be missing, and is refused by that name.
        System.IO.Directory.Exists(terminal.Directory) || Utf8Text.MayBeReplaced(terminal.Directory)
            ? terminal.Directory
            : "";

    public string Absolute(string path) => terminal.Absolute(path);

    public string? Variable(string name) => terminal.Variable(name);

    public IEnumerable<string> VariableNames => terminal.VariableNames();

    public SentContent? Send(string path, string? beside = null) =>
        files?.TryAdd(Full(path, beside));

    public SentContent? SendInput() => inputIsTaken ? null : files?.AddInput(terminal.Input);

    private string Full(string path, string? beside)
    {
        var folder = beside is null ? null : Path.GetDirectoryName(Absolute(beside));
        return folder is null ? Absolute(path) : Path.GetFullPath(path, folder);
    }
}
