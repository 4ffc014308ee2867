using JobCloud.Node.Daemon.Store;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Store;

public sealed class StoreErrorsTests
{
    private static readonly PostgresException Full = Error("53100");
    private static readonly PostgresException NotAllowed = Error("42501");

    [Fact]
    public void Connection_and_disk_full_errors_are_transient()
    {
        Assert.True(StoreErrors.IsTransient(new NpgsqlException("no", new IOException("broken"))));
        Assert.True(StoreErrors.IsTransient(Full));
        Assert.True(StoreErrors.IsTransient(new AggregateException(new IOException(), Full)));
        Assert.True(StoreErrors.IsTransient(new InvalidOperationException("rolling back", Full)));
    }

    [Fact]
    public void Permission_errors_are_not_transient()
    {
        const int ReadOnly = 8; // https://www.sqlite.org/rescode.html
        Assert.False(StoreErrors.IsTransient(NotAllowed));
        Assert.False(StoreErrors.IsTransient(new SqliteException("read-only", ReadOnly)));
        Assert.False(StoreErrors.IsTransient(new IOException("not from the store")));
    }

    [Fact]
    public void The_stores_exception_is_found_inside_others()
    {
        Assert.Same(Full, StoreErrors.Find(new AggregateException(new IOException(), Full)));
        Assert.Null(StoreErrors.Find(new IOException()));
    }

    private static PostgresException Error(string state) => new("no", "ERROR", "ERROR", state);
}
