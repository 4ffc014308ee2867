using Akka.Actor;
using Akka.TestKit;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Outputs.Storage;

/// <summary>A keeper with a real store and real files. The test advances its timers.</summary>
public sealed class OutputKeeperTests : ActorTest
{
    private static readonly DateTimeOffset Today = DateTimeOffset.UnixEpoch.AddYears(56);
    private readonly OutputHome _home = new();
    private OutputStoreSettings _settings = new()
    {
        PartSize = 10_000,
        ResultMax = 1_000_000,
        MaxAge = TimeSpan.FromDays(30),
        MaxTotal = 20L << 30,
    };

    public OutputKeeperTests()
        : base(Silent + ManualTimers) => Directory.CreateDirectory(_home.Paths.Store);

    protected override void AfterAll()
    {
        base.AfterAll();
        SqliteConnection.ClearAllPools();
        _home.Dispose();
    }

    [Fact]
    public async Task All_streams_of_an_ended_attempt_are_kept()
    {
        var (keeper, store) = await StartAsync();
        _home.Write(1, new string('x', 250));
        var paths = _home.Attempt(1);
        File.WriteAllText(paths.Stderr, "err");
        File.WriteAllText(paths.Logging, "log");
        File.WriteAllBytes(paths.Timeline, [1, 2]);
        Keep(keeper, Ended(1, stdout: 250, stderr: 3));
        foreach (
            var (stream, bytes) in new[]
            {
                (OutputStream.Stdout, 250),
                (OutputStream.Result, 250),
                (OutputStream.Stderr, 3),
                (OutputStream.Logging, 3),
                (OutputStream.Timeline, 2),
                (OutputStream.Syslog, 0),
            }
        )
            Assert.Equal((stream, (long)bytes), (stream, (await ReadAsync(store, 1, stream)).Size));
    }

    [Fact]
    public async Task Results_are_kept_whole_and_other_streams_only_at_their_end()
    {
        var (keeper, store) = await StartAsync();
        _home.Write(1, new string('x', 900_000));
        File.WriteAllBytes(_home.Attempt(1).Result, new byte[800_000]);
        Keep(keeper, Ended(1, stdout: 900_000, result: 800_000));
        Assert.Equal(0, (await ReadAsync(store, 1, OutputStream.Result)).Dropped);
        var stdout = await ReadAsync(store, 1, OutputStream.Stdout);
        Assert.Equal(900_000 - Daemon.Outputs.Tail.Window(), stdout.Dropped);
    }

    [Fact]
    public async Task Bytes_that_the_executor_dropped_are_not_kept()
    {
        var (keeper, store) = await StartAsync();
        _home.Write(1, "\0\0\0\0efgh");
        File.WriteAllText(_home.Attempt(1).DropNote, "4 0\n");
        Keep(keeper, Ended(1, stdout: 8));
        var read = await ReadAsync(store, 1, OutputStream.Stdout);
        Assert.Equal(("efgh", 4, 8), (read.Data.ToStringUtf8(), read.Dropped, read.Size));
    }

    [Fact]
    public async Task An_attempt_without_output_does_not_access_the_store()
    {
        var (keeper, _) = await StartAsync();
        SqliteConnection.ClearAllPools();
        File.Delete(_home.Paths.OutputStore);
        Keep(keeper, Ended(1), Ended(2));
        Assert.False(File.Exists(_home.Paths.OutputStore));
    }

    [Fact]
    public async Task Attempts_wait_and_are_retried_while_the_store_fails()
    {
        var (keeper, store) = await StartAsync();
        await ExecuteAsync("ALTER TABLE outputs RENAME TO away");
        _home.Write(1, "one");
        _home.Write(2, "two");
        keeper.Tell(new OutputKeeper.Keep([Ended(1, stdout: 3), Ended(2, stdout: 3)]));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        await ExecuteAsync("ALTER TABLE away RENAME TO outputs");
        AwaitCondition(() =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(_settings.Retry);
            return HasMessages;
        });
        Assert.Equal([new(1, 1), new(2, 1)], ExpectMsg<OutputKeeper.Kept>().Attempts);
        Assert.Equal(3, (await ReadAsync(store, 2, OutputStream.Stdout)).Size);
    }

    [Fact]
    public async Task Attempts_beyond_the_pending_limit_are_released_at_once()
    {
        _settings = _settings with { PendingMax = 1 };
        var (keeper, _) = await StartAsync();
        await ExecuteAsync("DROP TABLE outputs");
        _home.Write(1, "one");
        keeper.Tell(new OutputKeeper.Keep([Ended(1, stdout: 3), Ended(2, stdout: 3)]));
        Assert.Equal([new(2, 1)], ExpectMsg<OutputKeeper.Kept>().Attempts);
    }

    [Fact]
    public async Task An_attempt_forgotten_while_it_waits_is_not_kept()
    {
        var (keeper, store) = await StartAsync();
        await ExecuteAsync("ALTER TABLE outputs RENAME TO away");
        _home.Write(1, "one");
        _home.Write(2, "two");
        keeper.Tell(new OutputKeeper.Keep([Ended(1, stdout: 3)]));
        keeper.Tell(new OutputKeeper.Keep([Ended(2, stdout: 3)]));
        keeper.Tell(Forget(1, 2));
        await ExecuteAsync("ALTER TABLE away RENAME TO outputs");
        var kept = new List<AttemptId>();
        AwaitCondition(() =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(_settings.Retry);
            while (HasMessages)
                kept.AddRange(ExpectMsg<OutputKeeper.Kept>().Attempts);
            return kept.Count == 2;
        });
        AwaitAssert(() =>
        {
            foreach (var jid in new[] { 1, 2 })
                Assert.True(ReadAsync(store, jid, OutputStream.Stdout).Result.Missing);
        });
    }

    [Fact]
    public async Task Old_output_is_deleted_periodically()
    {
        var (keeper, store) = await StartAsync();
        _home.Write(1, "one");
        _home.Write(2, "two");
        var day = (long)TimeSpan.FromDays(1).TotalMicroseconds;
        Keep(keeper, Ended(1, stdout: 3) with { EndedAt = Micros - 31 * day }, Ended(2, stdout: 3));
        ((TestScheduler)Sys.Scheduler).Advance(_settings.CheckInterval);
        AwaitAssert(() => Assert.True(ReadAsync(store, 1, OutputStream.Stdout).Result.Missing));
        Assert.False((await ReadAsync(store, 2, OutputStream.Stdout)).Missing);
    }

    private static long Micros => Today.ToMicroseconds();

    private async Task<(IActorRef Keeper, OutputStore Store)> StartAsync()
    {
        var store = await OutputStore.OpenAsync(
            StoreProvider.Sqlite,
            null!,
            _home.Paths,
            CancellationToken.None
        );
        var parts = new AttemptChunks(_home.Paths, _settings);
        var clock = new FakeTimeProvider(Today);
        return (Sys.ActorOf(OutputKeeper.Props(store, parts, _settings, clock)), store);
    }

    /// <summary>Returns when these are kept.</summary>
    private void Keep(IActorRef keeper, params EndedOutput[] ended)
    {
        keeper.Tell(new OutputKeeper.Keep(ended));
        Assert.Equal(ended.Select(e => e.Id), ExpectMsg<OutputKeeper.Kept>().Attempts);
    }

    private static EndedOutput Ended(
        long jid,
        long stdout = 0,
        long stderr = 0,
        long? result = null
    ) =>
        new(
            new(jid, 1),
            new Exit
            {
                StdoutBytes = stdout,
                StderrBytes = stderr,
                ResultBytes = result ?? stdout,
            },
            Micros
        );

    private static ForgetJobs Forget(params long[] jids) =>
        new() { Attempts = { jids.Select(jid => new AttemptKey { Jid = jid, Attempt = 1 }) } };

    private static Task<OutputRead> ReadAsync(OutputStore store, long jid, OutputStream stream) =>
        store.ReadAsync(new(jid, 1), stream, 0, int.MaxValue, CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_home.Paths.OutputStore}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
