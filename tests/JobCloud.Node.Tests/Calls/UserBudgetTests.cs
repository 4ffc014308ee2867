using JobCloud.Node.Daemon.Calls;

namespace JobCloud.Node.Tests.Calls;

public sealed class UserBudgetTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly UserBudget _budget = new(10);

    [Fact]
    public void Each_user_has_a_separate_budget()
    {
        var first = _budget.TryTake("ann", 7);
        Assert.NotNull(first);
        Assert.Null(_budget.TryTake("ann", 4));
        Assert.NotNull(_budget.TryTake("ann", 3));
        Assert.NotNull(_budget.TryTake("bob", 10));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(_budget.TryTake("ann", 7));
        Assert.Null(_budget.TryTake("ann", 1));
    }

    [Fact]
    public void A_request_above_the_budget_is_served_alone()
    {
        using (Assert.IsAssignableFrom<IDisposable>(_budget.TryTake("ann", 50)))
            Assert.Null(_budget.TryTake("ann", 1));
        Assert.NotNull(_budget.TryTake("ann", 1));
    }

    [Fact]
    public async Task A_request_waits_for_its_turn()
    {
        var first = await _budget.TakeAsync("ann", 8, Long, default);
        var large = _budget.TakeAsync("ann", 9, Long, default);
        var small = _budget.TakeAsync("ann", 1, Long, default);
        Assert.False(large.IsCompleted);
        Assert.False(small.IsCompleted);
        Assert.Null(_budget.TryTake("ann", 1));
        first!.Dispose();
        Assert.NotNull(await large);
        Assert.NotNull(await small);
    }

    [Fact]
    public async Task A_request_that_waits_too_long_leaves_the_others_their_turn()
    {
        using var first = await _budget.TakeAsync("ann", 8, Long, default);
        using var ended = new CancellationTokenSource();
        var large = _budget.TakeAsync("ann", 9, TimeSpan.FromMilliseconds(1), default);
        var cancelled = _budget.TakeAsync("ann", 9, Long, ended.Token);
        var small = _budget.TakeAsync("ann", 1, Long, default);
        Assert.Null(await large);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.NotNull(await small);
    }
}
