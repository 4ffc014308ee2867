using JobCloud.Node.Daemon.Store;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Store;

public sealed class StoreTroubleTests
{
    private static readonly PostgresException Full = Error("53100");
    private static readonly PostgresException NotAllowed = Error("42501");

    [Fact]
    public void Connection_and_disk_full_errors_are_transient()
    {
        Assert.True(StoreTrouble.Passes(new NpgsqlException("no", new IOException("broken"))));
        Assert.True(StoreTrouble.Passes(Full));
        Assert.True(StoreTrouble.Passes(new AggregateException(new IOException(), Full)));
        Assert.True(StoreTrouble.Passes(new InvalidOperationException("rolling back", Full)));
    }

    [Fact]
    public void Permission_errors_are_not_transient()
    {
        const int ReadOnly = 8; // https://www.sqlite.org/rescode.html
        Assert.False(StoreTrouble.Passes(NotAllowed));
        Assert.False(StoreTrouble.Passes(new SqliteException("read-only", ReadOnly)));
        Assert.False(StoreTrouble.Passes(new IOException("not from the store")));
    }

    [Fact]
    public void The_stores_exception_is_found_inside_others()
    {
        Assert.Same(Full, StoreTrouble.In(new AggregateException(new IOException(), Full)));
        Assert.Null(StoreTrouble.In(new IOException()));
    }

    private static PostgresException Error(string state) => new("no", "ERROR", "ERROR", state);
}
