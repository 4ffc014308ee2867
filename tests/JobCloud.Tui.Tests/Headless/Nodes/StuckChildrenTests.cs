using System.Diagnostics;
using JobCloud.Testing;
using JobCloud.Tui.Headless.Nodes;

namespace JobCloud.Tui.Tests.Headless.Nodes;

/// <summary>A node that cannot stop names the processes that cannot be killed.</summary>
public sealed class StuckChildrenTests
{
    [FreezerFact]
    public async Task A_stopping_node_names_a_child_that_cannot_be_killed()
    {
        using var child = Process.Start("sleep", "1000");
        await Eventually.HoldsAsync(
            () => File.ReadAllText($"/proc/{child.Id}/comm") == "sleep\n",
            "the child runs"
        );
        var named = $"process {child.Id} (sleep";
        Assert.DoesNotContain(named, StuckChildren.Of(Environment.ProcessId));
        await using (var frozen = await FrozenProcess.FreezeAsync(child.Id))
        {
            child.Kill();

            var told = StuckChildren.Of(Environment.ProcessId);

            Assert.StartsWith(" Of its jobs, process ", told);
            Assert.Contains(named, told);
            Assert.Contains("cannot be killed", told);
        }
        await child.WaitForExitAsync();
        Assert.DoesNotContain(named, StuckChildren.Of(Environment.ProcessId));
    }
}
