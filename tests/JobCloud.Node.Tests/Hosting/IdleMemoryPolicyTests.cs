using FsCheck.Xunit;
using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Tests.Hosting;

public sealed class IdleMemoryPolicyTests
{
    private static readonly MemorySettings Settings = new()
    {
        IdleBytes = 10,
        MinReturnBytes = 100,
        MaxHeapBytes = 1_000,
    };

    [Fact]
    public void Memory_is_returned_once_after_start_and_again_only_after_more_work() =>
        Assert.Equal(
            [false, false, true, false, false, false, true],
            Decisions([500, 550, 555, 560, 600, 650, 655])
        );

    [Property]
    public bool Memory_is_not_returned_while_the_node_is_busy(byte[] steps)
    {
        var allocated = Running(steps.Select(step => step + Settings.IdleBytes + 1));
        return Decisions(allocated).All(due => !due);
    }

    [Property]
    public bool Memory_is_returned_only_after_enough_was_allocated(byte[] steps)
    {
        var allocated = Running(steps.Select(step => (long)step));
        var returned = Decisions(allocated)
            .Zip(allocated, static (isDue, bytes) => (isDue, bytes))
            .Where(check => check.isDue)
            .Select(check => check.bytes)
            .Prepend(0)
            .ToList();
        return returned
            .Zip(returned.Skip(1), static (one, next) => next - one)
            .All(step => step >= 100);
    }

    private static List<bool> Decisions(IReadOnlyList<long> allocated)
    {
        var leftovers = default(IdleMemoryPolicy);
        var due = new List<bool>();
        foreach (var bytes in allocated)
        {
            (leftovers, var areDue) = leftovers.Check(bytes, Settings);
            due.Add(areDue);
        }
        return due;
    }

    private static List<long> Running(IEnumerable<long> steps)
    {
        var sums = new List<long>();
        foreach (var step in steps)
            sums.Add(step + (sums.Count > 0 ? sums[^1] : 0));
        return sums;
    }
}
