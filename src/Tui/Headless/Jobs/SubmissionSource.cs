using Google.Protobuf;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>Gives a submission access to the files, working directory and stdin of this
/// process.</summary>
/// <param name="inputIsTaken">True if stdin is used for something else.</param>
internal sealed class SubmissionSource(CommandProcess terminal, bool inputIsTaken = false)
    : ISubmissionSource
{
    public ByteString? TryRead(string path, string? beside = null)
    {
        try
        {
            var folder = beside is null ? null : Path.GetDirectoryName(Absolute(beside));
            var full = folder is null ? Absolute(path) : Path.GetFullPath(path, folder);
            return UnsafeByteOperations.UnsafeWrap(File.ReadAllBytes(full));
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

    public ByteString? ReadInput() => inputIsTaken ? null : ByteString.FromStream(terminal.Input);
}
