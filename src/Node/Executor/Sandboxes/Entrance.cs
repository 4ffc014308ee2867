using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>The way of an attempt to its command, where it has a sandbox or a setup line.</summary>
/// <param name="Plan">What it goes through.</param>
/// <param name="InSandbox">bubblewrap starts it, and is gone once the job's process runs.</param>
internal sealed record Entrance(
    AttemptId Attempt,
    AttemptPaths Paths,
    EntryPlan Plan,
    bool InSandbox
)
{
    /// <summary>Where it notes how far it came.</summary>
    public string NotePath => Paths.EntryNote;

    public EntryNote ReadNote()
    {
        try
        {
            return EntryNote.Parse(File.ReadAllText(NotePath));
        }
        catch (IOException)
        {
            return EntryNote.Parse("");
        }
    }
}
