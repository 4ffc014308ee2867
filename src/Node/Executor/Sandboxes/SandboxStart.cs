using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>The start of an attempt whose command runs in a sandbox or after a setup
/// line.</summary>
/// <param name="Plan">The steps of the start.</param>
/// <param name="InSandbox">Whether bubblewrap starts the attempt; it exits once the job's process
/// runs.</param>
internal sealed record SandboxStart(
    AttemptId Attempt,
    AttemptPaths Paths,
    StartPlan Plan,
    bool InSandbox
)
{
    /// <summary>The file in which the start records its progress.</summary>
    public string NotePath => Paths.StartProgress;

    public StartProgress ReadNote()
    {
        try
        {
            return StartProgress.Parse(File.ReadAllText(NotePath));
        }
        catch (IOException)
        {
            return StartProgress.Parse("");
        }
    }
}
