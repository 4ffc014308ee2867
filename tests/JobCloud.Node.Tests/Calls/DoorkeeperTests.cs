using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Calls;

public sealed class DoorkeeperTests
{
    private readonly StringWriter _log = new();

    [Fact]
    public void A_store_that_fails_is_to_be_tried_again_and_its_words_stay_in_the_log()
    {
        const int Full = 13; // https://www.sqlite.org/rescode.html
        var trouble = new AggregateException(new SqliteException("disk is full", Full));
        var refusal = Doorkeeper.Unexpected(trouble, CancellationToken.None);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.DoesNotContain("disk is full", refusal.Message);
        Assert.Contains("disk is full", _log.ToString());
    }

    [Fact]
    public void A_connection_to_the_store_that_breaks_is_a_store_that_fails()
    {
        var trouble = new NpgsqlException("while reading", new EndOfStreamException());
        var refusal = Doorkeeper.Unexpected(new AggregateException(trouble), default);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
    }

    [Fact]
    public void What_another_part_refused_is_refused_in_its_words()
    {
        var words = new Refusal { Code = RefusalCode.StoreUnavailable, Message = "not now" };
        var refusal = Doorkeeper.Unexpected(
            new AggregateException(new RefusedException(words)),
            default
        );
        Assert.Equal(words, refusal);
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void A_part_that_does_not_answer_is_to_be_asked_again()
    {
        var refusal = Doorkeeper.Unexpected(new AskTimeoutException("after 20 s"), default);
        Assert.Equal(RefusalCode.Busy, refusal.Code);
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
        Assert.Empty(_log.ToString());
    }

    private Doorkeeper Doorkeeper => new(new NodeLog(_log, LogLevel.Info, TimeProvider.System));
}
