using System.Text;
using Google.Protobuf;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Executor;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Membership;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;
using Npgsql;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>After a deletion, nothing of the job is in any file of its home, or in any table of its
/// store.</summary>
public sealed class ErasureTests(SharedStore shared) : IClassFixture<SharedStore>, IDisposable
{
    private const string Mark = "<secret-7f3a>";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task No_byte_of_a_deleted_job_stays_in_the_home()
    {
        var settings = _home.Settings("--set", "jobcloud.segments.erase-within=1s");
        var node = await NodeHost.StartAsync(
            settings,
            _home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
        using (var client = new GatewayClient(settings.Gateway.Socket))
        {
            var kept = await SubmitAsync(client, "kept");
            var marked = await SubmitAsync(client, Mark);
            var map = await SubmitMapAsync(client);
            Assert.NotEmpty(FilesWith(Mark));
            var all = Jobs(marked.First, map.Last);
            await client.Cloud.KillAsync(new KillRequest { Jobs = all });
            await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = all });

            await Eventually.HoldsAsync(() => FilesWith(Mark).Count == 0, "erased", Limit);

            Assert.NotEmpty(FilesWith("kept"));
            var listed = await client.Cloud.ListAsync(new ListRequest { Deleted = true });
            Assert.Equal([4L, 3L, 2L], listed.Rows.Select(row => row.First));
            Assert.All(listed.Rows, row => Assert.True(row.Created > 0 && row.Finished > 0));
            var jobs = await client.Cloud.ListAsync(new ListRequest());
            Assert.Equal([kept.First], jobs.Rows.Select(row => row.First));
        }
        await node.DisposeAsync();
        Assert.Empty(FilesWith(Mark));
    }

    [Fact]
    public async Task No_byte_of_a_job_that_ran_stays_in_the_home()
    {
        var settings = _home.Settings("--set", "jobcloud.segments.erase-within=1s");
        await using var executor = await ExecutorProcess.StartAsync(settings.Paths);
        await using (var node = await NodeHost.StartAsync(settings, _home.NodeLog, default))
        {
            using var client = new GatewayClient(settings.Gateway.Socket);
            var jobs = await RanAsync(client);
            Assert.Contains(FilesWith(Mark), file => file.Contains("/attempts/"));
            Assert.Contains(FilesWith(Mark), file => file.Contains("/store/"));
            await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = jobs });

            await Eventually.HoldsAsync(() => FilesWith(Mark).Count == 0, "erased", Limit);

            Assert.NotEmpty(FilesWith("kept"));
        }
        Assert.Empty(FilesWith(Mark));
    }

    [PostgreSqlFact]
    public async Task No_table_and_no_file_keeps_anything_of_a_job_that_ran()
    {
        var database = shared.NewDatabase();
        var home = shared.NewHome();
        var settings = SharedStore.Settings(
            home,
            database,
            "--set",
            "jobcloud.segments.erase-within=1s"
        );
        await using var executor = await ExecutorProcess.StartAsync(settings.Paths);
        await using var node = await NodeHost.StartAsync(settings, home.NodeLog, default);
        using var client = new GatewayClient(settings.Gateway.Socket);
        var jobs = await RanAsync(client);
        Assert.True(await RowsWithAsync(database, Mark) > 0);
        Assert.NotEmpty(FilesWith(Mark, home.Path));
        await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = jobs });
        await Eventually.HoldsAsync(
            async () =>
                await RowsWithAsync(database, Mark) == 0 && FilesWith(Mark, home.Path).Count == 0,
            "erased",
            Limit
        );
        Assert.True(await RowsWithAsync(database, "kept") > 0);
    }

    /// <summary>Runs a job that leaves traces everywhere, and one that stays.</summary>
    /// <returns>The first one.</returns>
    private static async Task<Selection> RanAsync(GatewayClient client)
    {
        const string Command = """
            cat; cat {f}; echo "$PASSWORD" >&2; echo "$PASSWORD" > own; cat own > result
            """;
        var marked = await SubmitAsync(client, Mark, Command);
        var kept = await SubmitAsync(client, "kept", Command);
        await TrueMap.JoinAsync(client.Cloud, marked.First, kept.Last);
        using var output = client.Cloud.Output(
            new OutputRequest { Jid = marked.First, Stream = OutputStream.Result }
        );
        Assert.True(await output.ResponseStream.MoveNext(default));
        Assert.Contains(Mark, output.ResponseStream.Current.Data.ToStringUtf8());
        return Jobs(marked.First, marked.Last);
    }

    [Fact]
    public async Task A_map_keeps_only_the_values_of_its_other_jobs()
    {
        var settings = _home.Settings("--set", "jobcloud.segments.erase-within=1s");
        await using var node = await NodeHost.StartAsync(
            settings,
            _home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
        using var client = new GatewayClient(settings.Gateway.Socket);
        var map = await SubmitMapAsync(client);
        await client.Cloud.KillAsync(new KillRequest { Jobs = Jobs(map.First, map.Last) });
        await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = Jobs(map.First, map.First) });
        await Eventually.HoldsAsync(() => FilesWith($"{Mark} one").Count == 0, "erased", Limit);
        Assert.NotEmpty(FilesWith($"{Mark} two"));
    }

    [PostgreSqlFact]
    public async Task No_table_of_a_shared_store_keeps_anything_of_a_deleted_job()
    {
        var database = shared.NewDatabase();
        var home = shared.NewHome();
        var settings = SharedStore.Settings(
            home,
            database,
            "--set",
            "jobcloud.segments.erase-within=1s"
        );
        await using var node = await NodeHost.StartAsync(
            settings,
            home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
        using var client = new GatewayClient(settings.Gateway.Socket);
        await SubmitAsync(client, "kept");
        var marked = await SubmitAsync(client, Mark);
        Assert.True(await RowsWithAsync(database, Mark) > 0);
        var jobs = Jobs(marked.First, marked.Last);
        await client.Cloud.KillAsync(new KillRequest { Jobs = jobs });
        await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = jobs });
        await Eventually.HoldsAsync(
            async () => await RowsWithAsync(database, Mark) == 0,
            "erased",
            Limit
        );
        var kept = await client.Cloud.ListAsync(new ListRequest());
        Assert.Equal("label-kept", Assert.Single(kept.Rows).Label);
    }

    /// <summary>The rows of all tables that have a text, as text or as bytes.</summary>
    private static async Task<long> RowsWithAsync(string database, string text)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()";
        var tables = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        var bytes = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
        var rows = 0L;
        foreach (var table in tables)
        {
            command.CommandText = $"""
                SELECT count(*) FROM {table}
                WHERE strpos({table}::text, '{text}') > 0 OR strpos({table}::text, '{bytes}') > 0
                """;
            rows += (long)(await command.ExecuteScalarAsync())!;
        }
        return rows;
    }

    private static Task<SubmitReply> SubmitAsync(
        GatewayClient client,
        string mark,
        string? command = null
    ) =>
        client
            .Cloud.SubmitAsync(
                new SubmitRequest
                {
                    RequestId = $"id-{mark}",
                    Spec = new JobSpec
                    {
                        Command = command ?? $"echo {mark} {{f}}",
                        ReturnFile = command is null ? "" : "result",
                        Label = $"label-{mark}",
                        Stdin = ByteString.CopyFromUtf8($"{mark} on stdin"),
                        Variables =
                        {
                            new Variable { Name = "PASSWORD", Value = mark },
                        },
                        Data =
                        {
                            new Parameter
                            {
                                Name = "f",
                                Value = "f",
                                File = ByteString.CopyFromUtf8(
                                    string.Concat(Enumerable.Repeat(mark, 3_000))
                                ),
                            },
                        },
                    },
                }
            )
            .ResponseAsync;

    private static Task<SubmitReply> SubmitMapAsync(GatewayClient client) =>
        client
            .Cloud.SubmitAsync(
                new SubmitRequest
                {
                    Count = 2,
                    IsMap = true,
                    Spec = new JobSpec { Command = "echo {x}" },
                    Columns =
                    {
                        new MapColumn
                        {
                            Name = "x",
                            List = new ValueList { Values = { $"{Mark} one", $"{Mark} two" } },
                        },
                    },
                }
            )
            .ResponseAsync;

    private static Selection Jobs(long first, long last) =>
        new()
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = first, Last = last },
                },
            },
        };

    private List<string> FilesWith(string text) => FilesWith(text, _home.Path);

    private static List<string> FilesWith(string text, string home)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return
        [
            .. Directory
                .EnumerateFiles(home, "*", SearchOption.AllDirectories)
                .Where(file => Bytes(file).AsSpan().IndexOf(bytes) >= 0),
        ];
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var bytes = new byte[file.Length];
            file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes;
        }
        catch (IOException)
        {
            // A socket, or a file that is gone.
            return [];
        }
    }
}
