using System.Text;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Outputs.Storage;

public sealed class OutputStoreTests(OutputStores stores) : IClassFixture<OutputStores>
{
    private static readonly AttemptId Job = new(7, 1);

    public static TheoryData<StoreProvider> Here => OutputStores.Here;

    [Theory]
    [MemberData(nameof(Here))]
    public async Task A_stream_can_be_read_at_any_offset(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        var bytes = Enumerable.Range(0, 100).Select(i => (byte)(i * 7)).ToArray();
        await store.WriteAsync(Parts(Job, bytes, from: 0, size: 10), default);
        for (var offset = -bytes.Length; offset <= bytes.Length; offset++)
        {
            var at = offset < 0 ? bytes.Length + offset : offset;
            var read = await store.ReadAsync(Job, OutputStream.Stdout, offset, 1000, default);
            Assert.Equal((at, bytes.Length, true), (read.Offset, read.Size, read.Ended));
            Assert.Equal(bytes[at..Math.Min(at / 10 * 10 + 10, bytes.Length)], read.Data);
        }
        Assert.Equal(
            3,
            (await store.ReadAsync(Job, OutputStream.Stdout, 0, 3, default)).Data.Length
        );
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task A_read_of_a_stored_end_has_its_offset(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        await store.WriteAsync(Parts(Job, new byte[50], from: 20, size: 10), default);
        var read = await store.ReadAsync(Job, OutputStream.Stdout, 5, 1000, default);
        Assert.Equal((20, 20, 50), (read.Offset, read.Dropped, read.Size));
        Assert.True(read.FromStore);
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task A_part_written_twice_is_stored_once(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        for (var i = 0; i < 2; i++)
            await store.WriteAsync(Parts(Job, [1, 2, 3], from: 0, size: 10), default);
        var read = await store.ReadAsync(Job, OutputStream.Stdout, 0, 1000, default);
        Assert.Equal<byte>([1, 2, 3], read.Data);
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task A_result_is_the_return_file_or_else_stdout(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        await store.WriteAsync(Parts(Job, [1], from: 0, size: 10), default);
        Assert.Equal<byte>(
            [1],
            (await store.ReadAsync(Job, OutputStream.Result, 0, 9, default)).Data
        );
        await store.WriteAsync([new(Job, OutputStream.Result, 0, 1, 5, [2])], default);
        Assert.Equal<byte>(
            [2],
            (await store.ReadAsync(Job, OutputStream.Result, 0, 9, default)).Data
        );
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task An_unknown_attempt_is_missing_and_an_unwritten_stream_is_empty(
        StoreProvider provider
    )
    {
        var store = await stores.OpenAsync(provider);
        Assert.True((await store.ReadAsync(Job, OutputStream.Stderr, 0, 9, default)).Missing);
        await store.WriteAsync(Parts(Job, [1], from: 0, size: 10), default);
        var read = await store.ReadAsync(Job, OutputStream.Stderr, 0, 9, default);
        Assert.Equal((false, 0), (read.Missing, read.Data.Length));
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task The_ends_of_many_streams_are_one_query(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        var bytes = Encoding.UTF8.GetBytes(new string('x', 200_000) + new string('€', 65_536));
        await store.WriteAsync(Parts(Job, bytes, from: 0, size: 100_000), default);
        await store.WriteAsync(
            [
                new(new(8, 1), OutputStream.Stderr, 5, 8, 1, "err"u8.ToArray()),
                new(new(8, 1), OutputStream.Timeline, 0, 2, 1, [1, 2]),
            ],
            default
        );

        var ends = await store.ReadEndsAsync(
            [
                End(8, OutputStream.Stderr),
                End(7, OutputStream.Stdout),
                End(8, OutputStream.Stdout),
                End(9, OutputStream.Stdout),
                End(8, OutputStream.Timeline),
                End(8, OutputStream.Stderr),
            ],
            default
        );

        Assert.Equal(
            ["err", new string('€', 65_536), "", null, "\u0001\u0002", "err"],
            ends.Select(end => end?.Data.ToStringUtf8())
        );
        Assert.All(ends, end => Assert.Equal(0, end?.Dropped ?? 0));
    }

    private static AttemptQuestion End(long jid, OutputStream stream) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Item = AttemptItem.Output,
            Stream = stream,
        };

    [Theory]
    [MemberData(nameof(Here))]
    public async Task Forgetting_an_attempt_deletes_only_its_own_output(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        var other = Job with { Number = 2 };
        await store.WriteAsync(
            [.. Parts(Job, new byte[30], 0, 10), .. Parts(other, [4], 0, 10)],
            default
        );
        await store.ForgetAsync([Job], default);
        Assert.True((await store.ReadAsync(Job, OutputStream.Stdout, 0, 9, default)).Missing);
        Assert.Equal<byte>(
            [4],
            (await store.ReadAsync(other, OutputStream.Stdout, 0, 9, default)).Data
        );
    }

    [Fact]
    public async Task No_byte_of_a_forgotten_attempt_stays_in_the_file()
    {
        using var home = new TestHome();
        var paths = new HomePaths(home.Path);
        var store = await TestStore.OpenAsync();
        await using var _ = store;
        Directory.CreateDirectory(paths.Store);
        var outputs = await OutputStore.OpenAsync(
            StoreProvider.Sqlite,
            store.Store,
            paths,
            default
        );
        var secret = "<secret-7f3a>"u8.ToArray();
        await outputs.WriteAsync(Parts(Job, secret, 0, secret.Length), default);
        await outputs.ForgetAsync([Job], default);
        foreach (var file in Directory.GetFiles(paths.Store, "outputs.db*"))
        {
            using var open = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var bytes = new byte[open.Length];
            open.ReadExactly(bytes);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(secret));
        }
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task Old_output_and_the_oldest_above_the_limit_are_deleted(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        for (var jid = 1; jid <= 10; jid++)
            await store.WriteAsync(
                Parts(new(jid, 1), new byte[100], 0, 40, endedAt: jid * 1000),
                default
            );
        Assert.Equal(9, await store.DeleteOldAsync(until: 3000, limit: 10_000, default));
        Assert.Equal([4, 5, 6, 7, 8, 9, 10], await KeptAsync());
        Assert.True(await store.DeleteOldAsync(until: 0, limit: 350, default) > 0);
        Assert.Equal([8, 9, 10], await KeptAsync());
        Assert.Equal(0, await store.DeleteOldAsync(until: 0, limit: 300, default));

        async Task<List<long>> KeptAsync()
        {
            var kept = new List<long>();
            for (var jid = 1L; jid <= 10; jid++)
            {
                var read = await store.ReadAsync(new(jid, 1), OutputStream.Stdout, 0, 9, default);
                if (!read.Missing)
                    kept.Add(jid);
            }
            return kept;
        }
    }

    [Theory]
    [MemberData(nameof(Here))]
    public async Task A_failed_write_stores_nothing(StoreProvider provider)
    {
        var store = await stores.OpenAsync(provider);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.WriteAsync(BreaksOff(), default)
        );
        Assert.True((await store.ReadAsync(Job, OutputStream.Stdout, 0, 9, default)).Missing);

        static IEnumerable<StoredChunk> BreaksOff()
        {
            foreach (var part in Parts(Job, new byte[4 << 20], 0, 1 << 20))
                yield return part;
            throw new InvalidOperationException();
        }
    }

    private static IEnumerable<StoredChunk> Parts(
        AttemptId id,
        byte[] bytes,
        int from,
        int size,
        long endedAt = 5
    )
    {
        for (var at = from; at < bytes.Length; at += size)
            yield return new(
                id,
                OutputStream.Stdout,
                at,
                bytes.Length,
                endedAt,
                bytes[at..Math.Min(at + size, bytes.Length)]
            );
    }
}
