namespace JobCloud.Protocol.Homes;

/// <summary>A program of JobCloud, and the paths where others look for it. It only names files and
/// accesses none.</summary>
/// <param name="File">The name of its file.</param>
/// <param name="Project">The project that builds it.</param>
public sealed record JobCloudProgram(string File, string Project)
{
    public static readonly JobCloudProgram Command = new("jobcloud", "JobCloud.Tui.Headless");
    public static readonly JobCloudProgram FullScreen = new(
        "jobcloud-tui",
        "JobCloud.Tui.FullScreen"
    );
    public static readonly JobCloudProgram Executor = new(
        "jobcloud-executor",
        "JobCloud.Node.Executor"
    );
    public static readonly JobCloudProgram Node = new("jobcloud-node", "JobCloud.Node.Daemon");

    /// <summary>Candidate paths, given the directory of another program: the same directory, as
    /// published, then the sibling directory of a build
    /// (<c>artifacts/bin/PROJECT/PIVOT/</c>).</summary>
    public string[] CandidatePaths(string folder)
    {
        var here = Path.TrimEndingDirectorySeparator(folder);
        var built = Path.GetFullPath($"{here}/../../{Project}/{Path.GetFileName(here)}");
        return [$"{here}/{File}", $"{built}/{File}"];
    }

    public override string ToString() => File;
}
