namespace JobCloud.Protocol.Homes;

/// <summary>A program of JobCloud, and where the others look for it. Names only: nothing is
/// touched.</summary>
/// <param name="File">What its file is called.</param>
/// <param name="Project">Whose build makes it.</param>
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

    /// <summary>Its path as seen from the folder of another: beside it, as published; else in the
    /// sibling folder of a build (<c>artifacts/bin/PROJECT/PIVOT/</c>).</summary>
    public string[] Places(string folder)
    {
        var here = Path.TrimEndingDirectorySeparator(folder);
        var built = Path.GetFullPath($"{here}/../../{Project}/{Path.GetFileName(here)}");
        return [$"{here}/{File}", $"{built}/{File}"];
    }

    public override string ToString() => File;
}
