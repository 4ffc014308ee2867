using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Membership;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;
using Npgsql;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>Backup of a shared store by PostgreSQL's own programs, as the guide says.</summary>
public sealed class SharedStoreBackupTests(SharedStore shared) : IClassFixture<SharedStore>
{
    [PostgreSqlFact]
    public async Task A_restored_dump_is_the_same_cloud_and_reuses_no_jid()
    {
        var database = shared.NewDatabase();
        var home = shared.NewHome("n1");
        List<string> before;
        long after;
        await using (var node = await StartAsync(home, database))
        {
            using var client = Client(home, database);
            await client.Cloud.DefineAsync(
                new DefineRequest
                {
                    Definition = new Definition
                    {
                        Environment = new EnvironmentDefinition { Name = "tex" },
                    },
                }
            );
            await SubmitAsync(client, "kept", 3);
            var killed = await SubmitAsync(client, "killed");
            var deleted = await SubmitAsync(client, "deleted");
            foreach (var jid in new[] { killed, deleted })
                await client.Cloud.KillAsync(new KillRequest { Jobs = Job(jid) });
            await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = Job(deleted) });
            before = await ContentsAsync(client);
            shared.Server.Dump(NameOf(database), "backup");
            after = await SubmitAsync(client, "after the backup", 5_000) + 4_999;
        }
        var restored = shared.NewDatabase();
        shared.Server.Load(NameOf(restored), "backup");

        // The home has seen later changes.
        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            StartAsync(home, restored)
        );
        Assert.Contains("jobcloud node start --older-store", refused.Message);

        var other = shared.NewHome("n2");
        await using (var node = await StartAsync(other, restored, "n2"))
        {
            using var client = Client(other, restored);
            Assert.Equal(before, await ContentsAsync(client));
            var next = await SubmitAsync(client, "next");
            Assert.True(next > after && next > StoreAge.JidMargin, $"{next} {after}");
        }
        // It stays in its place.
        await using (var node = await StartAsync(other, restored, "n2"))
        {
            using var client = Client(other, restored);
            Assert.InRange(await SubmitAsync(client, "last"), after, 2 * StoreAge.JidMargin);
        }
    }

    private static string NameOf(string database) =>
        new NpgsqlConnectionStringBuilder(database).Database!;

    private static Task<NodeHost> StartAsync(TestHome home, string database, string name = "n1")
    {
        var settings = SharedStore.Settings(home, database, "--name", name);
        return NodeHost.StartAsync(
            settings with
            {
                Store = settings.Store with { SurvivesPowerLoss = true },
            },
            home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
    }

    private static GatewayClient Client(TestHome home, string database) =>
        new(SharedStore.Settings(home, database).Gateway.Socket);

    private static async Task<long> SubmitAsync(GatewayClient client, string label, int count = 1)
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec
            {
                Command = "true",
                Label = label,
                Cores = 1,
            },
            Count = count,
            IsMap = count > 1,
        };
        return (await client.Cloud.SubmitAsync(request)).First;
    }

    /// <summary>Jobs, deleted jobs and definitions, as texts.</summary>
    private static async Task<List<string>> ContentsAsync(GatewayClient client)
    {
        var jobs = await client.Cloud.ListAsync(new ListRequest());
        var deleted = await client.Cloud.ListAsync(new ListRequest { Deleted = true });
        var definitions = await client.Cloud.DefinitionsAsync(
            new DefinitionsRequest { Kind = DefinitionKind.Environment }
        );
        return
        [
            .. jobs.Rows.Select(static row => $"{row.First}-{row.Last} {row.Label} {row.Created}"),
            .. deleted.Rows.Select(static row => $"{row.First} {row.Created} {row.Finished}"),
            .. definitions.Definitions.Select(static one => one.Environment.Name),
        ];
    }

    private static Selection Job(long jid) =>
        new()
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };
}
