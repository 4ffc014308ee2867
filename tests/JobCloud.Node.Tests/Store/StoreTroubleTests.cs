using JobCloud.Node.Daemon.Store;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Store;

public sealed class StoreTroubleTests
{
    private static readonly PostgresException Full = Error("53100");
    private static readonly PostgresException NotAllowed = Error("42501");

    [Fact]
    public void A_store_that_is_away_or_full_may_be_there_later()
    {
        Assert.True(StoreTrouble.Passes(new NpgsqlException("no", new IOException("broken"))));
        Assert.True(StoreTrouble.Passes(Full));
        Assert.True(StoreTrouble.Passes(new AggregateException(new IOException(), Full)));
        Assert.True(StoreTrouble.Passes(new InvalidOperationException("rolling back", Full)));
    }

    [Fact]
    public void What_the_store_forbids_stays_forbidden()
    {
        const int ReadOnly = 8; // https://www.sqlite.org/rescode.html
        Assert.False(StoreTrouble.Passes(NotAllowed));
        Assert.False(StoreTrouble.Passes(new SqliteException("read-only", ReadOnly)));
        Assert.False(StoreTrouble.Passes(new IOException("not of the store")));
    }

    [Fact]
    public void Its_own_words_are_found_wherever_they_are_wrapped()
    {
        Assert.Same(Full, StoreTrouble.In(new AggregateException(new IOException(), Full)));
        Assert.Null(StoreTrouble.In(new IOException()));
    }

    private static PostgresException Error(string state) => new("no", "ERROR", "ERROR", state);
}
