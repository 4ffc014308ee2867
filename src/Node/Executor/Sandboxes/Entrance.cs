using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>The way of an attempt to its command, where it has a sandbox or a setup line.</summary>
/// <param name="Plan">What it goes through.</param>
/// <param name="InSandbox">bubblewrap starts it, and is gone once the job's process runs.</param>
/// <param name="NotePath">Where it notes how far it came.</param>
internal sealed record Entrance(EntryPlan Plan, bool InSandbox, string NotePath)
{
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
