using Google.Protobuf;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>The files, the working directory and the input of this process.</summary>
/// <param name="inputIsTaken">Whether the input is read for something else.</param>
internal sealed class SubmissionSource(Terminal terminal, bool inputIsTaken = false)
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

    public string Absolute(string path) => terminal.Absolute(path);

    public ByteString? ReadInput() => inputIsTaken ? null : ByteString.FromStream(terminal.Input);
}
