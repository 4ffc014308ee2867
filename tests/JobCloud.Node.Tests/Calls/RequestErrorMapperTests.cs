using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Calls;

public sealed class RequestErrorMapperTests
{
    private readonly StringWriter _log = new();

    [Fact]
    public void A_store_failure_is_refused_as_unavailable_and_only_the_log_has_the_details()
    {
        const int Full = 13; // https://www.sqlite.org/rescode.html
        var error = new AggregateException(new SqliteException("disk is full", Full));
        var refusal = Doorkeeper.RefusalOf(error, CancellationToken.None);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.DoesNotContain("disk is full", refusal.Message);
        Assert.Contains("disk is full", _log.ToString());
    }

    [Fact]
    public void A_broken_store_connection_is_refused_as_unavailable()
    {
        var error = new NpgsqlException("while reading", new EndOfStreamException());
        var refusal = Doorkeeper.RefusalOf(new AggregateException(error), default);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
    }

    [Fact]
    public void A_refusal_by_another_part_is_passed_on_unchanged()
    {
        var original = new Refusal { Code = RefusalCode.StoreUnavailable, Message = "not now" };
        var refusal = Doorkeeper.RefusalOf(
            new AggregateException(new RefusedException(original)),
            default
        );
        Assert.Equal(original, refusal);
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void An_ask_timeout_is_refused_as_busy()
    {
        var refusal = Doorkeeper.RefusalOf(new AskTimeoutException("after 20 s"), default);
        Assert.Equal(RefusalCode.Busy, refusal.Code);
    }

    [Fact]
    public void Other_exceptions_are_refused_as_internal()
    {
        var refusal = Doorkeeper.RefusalOf(new InvalidOperationException("oh"), default);
        Assert.Equal(RefusalCode.Internal, refusal.Code);
        Assert.DoesNotContain("oh", refusal.Message);
    }

    [Fact]
    public void A_cancelled_request_is_not_logged()
    {
        var refusal = Doorkeeper.RefusalOf(new OperationCanceledException(), new(canceled: true));
        Assert.Equal(RefusalCode.Timeout, refusal.Code);
        Assert.Empty(_log.ToString());
    }

    private RequestErrorMapper Doorkeeper =>
        TestHome.ErrorMapper(new NodeLog(_log, LogLevel.Info, TimeProvider.System));
}
