using System.Text;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Outputs;

/// <summary>A home directory that is deleted after the test.</summary>
public sealed class OutputHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobcloud-outputs-");

    public OutputHome() => Paths = new(_folder.FullName);

    public HomePaths Paths { get; }

    public AttemptPaths Attempt(long jid, int attempt = 1)
    {
        var paths = Paths.Attempt(new Jid(jid), attempt);
        Directory.CreateDirectory(paths.Folder);
        return paths;
    }

    public void Write(long jid, string text) =>
        File.AppendAllText(Attempt(jid).Stdout, text, new UTF8Encoding(false));

    public void Dispose() => _folder.Delete(recursive: true);
}
