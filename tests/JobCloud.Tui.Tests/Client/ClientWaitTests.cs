using JobCloud.Client;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Client;

public sealed class ClientWaitTests : ClientTest
{
    [Fact]
    public async Task A_wait_counts_failed_jobs()
    {
        Cloud.Await = _ => [Ends(true, (Status.Done, 2), (Status.Error, 1))];
        using var cloud = await ConnectAsync();

        var counts = await cloud.WaitAsync("1-3");

        Assert.Equal((3, 2, 1, 0), (counts.Total, counts.Done, counts.Failed, counts.Unfinished));
        Assert.False(counts.AllDone);
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_fails()
    {
        Cloud.KeepsStreams = true;
        Cloud.Await = _ => [Ends(false, (Status.Processing, 1))];
        using var cloud = await ConnectAsync();

        var failure = await Assert.ThrowsAsync<JobCloudException>(() =>
            cloud.WaitAsync(7, new WaitOptions { Timeout = TimeSpan.FromMilliseconds(50) })
        );

        Assert.Equal("timeout", failure.Code);
    }

    [Fact]
    public async Task A_cancelled_wait_ends()
    {
        var begun = new TaskCompletionSource();
        Cloud.KeepsStreams = true;
        Cloud.Await = _ =>
        {
            begun.TrySetResult();
            return [Ends(false, (Status.Processing, 1))];
        };
        using var cloud = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = cloud.WaitAsync(7, cancel: cancel.Token);
        await begun.Task.WaitAsync(TimeLimit);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeLimit));
    }

    [Fact]
    public async Task A_wait_survives_a_restart_of_the_node_and_the_next_call_does_not_wait_longer()
    {
        var begun = new TaskCompletionSource();
        Cloud.KeepsStreams = true;
        Cloud.Await = _ =>
        {
            begun.TrySetResult();
            return [Ends(false, (Status.Processing, 1))];
        };
        using var cloud = await JobCloudClient.ConnectAsync(
            Options with
            {
                Timeout = TimeSpan.FromMilliseconds(500),
            }
        );
        var waiting = cloud.WaitAsync(7);
        await begun.Task.WaitAsync(TimeLimit);

        await RestartAsync(node => node.Await = _ => [Ends(true, (Status.Done, 1))]);

        Assert.True((await waiting.WaitAsync(TimeLimit)).AllDone);
        await Cloud.DisposeAsync();
        var failure = await Assert.ThrowsAsync<JobCloudException>(() =>
            cloud.GetStatusAsync(7).WaitAsync(TimeLimit)
        );
        Assert.Equal("unavailable", failure.Code);
    }
}
