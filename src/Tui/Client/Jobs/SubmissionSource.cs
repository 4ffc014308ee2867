using Google.Protobuf;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Client.Jobs;

/// <summary>The directory and the environment of one who submits jobs.</summary>
/// <param name="Variable">Reads an environment variable; null: it is not set.</param>
/// <param name="VariableNames">Lists the names of all environment variables.</param>
/// <param name="Directory">The working directory, absolute.</param>
internal sealed record Submitter(
    Func<string, string?> Variable,
    Func<IEnumerable<string>> VariableNames,
    string Directory
);

/// <summary>Gives a submission access to the files, working directory and stdin of one who
/// submits.</summary>
/// <param name="files">Takes the files to send along; null: there are none.</param>
/// <param name="input">The stdin; null: there is none, or it is used for something else.</param>
internal sealed class SubmissionSource(
    Submitter submitter,
    OutgoingFiles? files = null,
    Stream? input = null
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
        System.IO.Directory.Exists(submitter.Directory)
        || Utf8Text.MayBeReplaced(submitter.Directory)
            ? submitter.Directory
            : "";

    public string Absolute(string path) => Path.GetFullPath(path, submitter.Directory);

    public string? Variable(string name) => submitter.Variable(name);

    public IEnumerable<string> VariableNames => submitter.VariableNames();

    public SentContent? Send(string path, string? beside = null) =>
        files?.TryAdd(Full(path, beside));

    public SentContent? SendInput() => input is null ? null : files?.AddInput(input);

    private string Full(string path, string? beside)
    {
        var folder = beside is null ? null : Path.GetDirectoryName(Absolute(beside));
        return folder is null ? Absolute(path) : Path.GetFullPath(path, folder);
    }
}
