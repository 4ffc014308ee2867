using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Gateway;

public sealed class DoorkeeperTests
{
    private readonly StringWriter log = new();

    [Fact]
    public void A_store_that_fails_is_to_be_tried_again_and_its_words_stay_in_the_log()
    {
        const int Full = 13; // https://www.sqlite.org/rescode.html
        var trouble = new AggregateException(new SqliteException("disk is full", Full));
        var refusal = Doorkeeper.Unexpected(trouble, CancellationToken.None);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.DoesNotContain("disk is full", refusal.Message);
        Assert.Contains("disk is full", log.ToString());
    }

    [Fact]
    public void All_else_that_nobody_expected_is_a_fault_of_the_node()
    {
        var refusal = Doorkeeper.Unexpected(new InvalidOperationException("oh"), default);
        Assert.Equal(RefusalCode.Internal, refusal.Code);
        Assert.DoesNotContain("oh", refusal.Message);
    }

    [Fact]
    public void A_request_that_was_given_up_is_no_fault()
    {
        var refusal = Doorkeeper.Unexpected(new OperationCanceledException(), new(canceled: true));
        Assert.Equal(RefusalCode.Timeout, refusal.Code);
        Assert.Empty(log.ToString());
    }

    private Doorkeeper Doorkeeper => new(new NodeLog(log, LogLevel.Info, TimeProvider.System));
}
