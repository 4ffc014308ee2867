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
    public void A_store_that_cannot_be_written_is_named_with_its_cause_and_remedy()
    {
        // https://www.sqlite.org/rescode.html
        var said = new[] { 13, 8, 14, 5 }.Select(code =>
        {
            var error = new AggregateException(new SqliteException($"error {code}", code));
            var refusal = Mapper.RefusalOf(error, CancellationToken.None);
            Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
            Assert.DoesNotContain($"error {code}", refusal.Message);
            Assert.Contains($"error {code}", _log.ToString());
            return refusal.Message;
        });
        Assert.Collection(
            said,
            full => Assert.Matches("no space left .* Free space there, and try again", full),
            readOnly => Assert.Matches("it is read-only.* Make it writable", readOnly),
            denied =>
                Assert.Matches("no permission to use its store.* Correct the permissions", denied),
            busy =>
                Assert.Equal("The store is not available. Nothing was changed. Try again.", busy)
        );
    }

    [Fact]
    public void A_broken_store_connection_is_refused_as_unavailable()
    {
        var error = new NpgsqlException("while reading", new EndOfStreamException());
        var refusal = Mapper.RefusalOf(new AggregateException(error), default);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
    }

    [Fact]
    public void A_refusal_by_another_part_is_passed_on_unchanged()
    {
        var original = new Refusal { Code = RefusalCode.StoreUnavailable, Message = "not now" };
        var refusal = Mapper.RefusalOf(
            new AggregateException(new RefusedException(original)),
            default
        );
        Assert.Equal(original, refusal);
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void An_ask_timeout_is_refused_as_busy()
    {
        var refusal = Mapper.RefusalOf(new AskTimeoutException("after 20 s"), default);
        Assert.Equal(RefusalCode.Busy, refusal.Code);
    }

    [Fact]
    public void Other_exceptions_are_refused_as_internal()
    {
        var refusal = Mapper.RefusalOf(new InvalidOperationException("oh"), default);
        Assert.Equal(RefusalCode.Internal, refusal.Code);
        Assert.DoesNotContain("oh", refusal.Message);
        Assert.Contains("see 'failure 1' in its log", refusal.Message);
        Assert.Contains("(failure 1)", _log.ToString());
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_named()
    {
        var refusal = Mapper.RefusalOf(new IOException("No space left : '/a/b'"), default);
        Assert.Equal(RefusalCode.Internal, refusal.Code);
        Assert.Contains("could not use a file: No space left : '/a/b'; see", refusal.Message);
    }

    [Fact]
    public void A_cancelled_request_is_not_logged()
    {
        var refusal = Mapper.RefusalOf(new OperationCanceledException(), new(canceled: true));
        Assert.Equal(RefusalCode.Busy, refusal.Code);
        Assert.Empty(_log.ToString());
    }

    private RequestErrorMapper Mapper =>
        TestHome.ErrorMapper(new NodeLog(_log, LogLevel.Info, TimeProvider.System));
}
