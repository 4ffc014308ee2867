using Google.Protobuf;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>Reads the files that the form names. There is no standard input: the terminal's input
/// is the keys.</summary>
internal sealed class LocalFiles : ISubmissionSource
{
    public ByteString? TryRead(string path, string? beside = null)
    {
        try
        {
            var folder = beside is null ? null : Path.GetDirectoryName(Path.GetFullPath(beside));
            var full = folder is null ? Path.GetFullPath(path) : Path.GetFullPath(path, folder);
            return UnsafeByteOperations.UnsafeWrap(File.ReadAllBytes(full));
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    public string Directory
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (FileNotFoundException)
            {
                return "";
            }
        }
    }

    public string Absolute(string path) => Path.GetFullPath(path);

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public IEnumerable<string> VariableNames =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>();

    public SentContent? SendInput() => null;
}
