using System.Text;
using JobCloud.Node.Executor.Processes;
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
    /// <summary>The setup line can write to the file too.</summary>
    private const int NoteBytesMax = 4_096;

    /// <summary>The file in which the start records its progress.</summary>
    public string NotePath => Paths.StartProgress;

    public StartProgress ReadNote()
    {
        try
        {
            using var file = JobFile.OpenOwn(NotePath);
            var bytes = new byte[NoteBytesMax];
            var count = file is null ? 0 : RandomAccess.Read(file, bytes, 0);
            return StartProgress.Parse(Encoding.UTF8.GetString(bytes, 0, count));
        }
        catch (IOException)
        {
            return StartProgress.Parse("");
        }
    }
}
