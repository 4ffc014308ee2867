using Google.Protobuf;
using Grpc.Core;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Blobs;

/// <summary>Files sent along with jobs of a real node.</summary>
public sealed class BlobNodeTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _home.Dispose();
    }

    [Fact]
    public async Task A_file_is_kept_once_until_its_last_job_is_deleted()
    {
        await using var node = await StartAsync();
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        var content = ByteString.CopyFromUtf8(
            string.Concat(Enumerable.Repeat("grep for me ", 9_000))
        );
        var blob = BlobRules.RefOf(content.Span);
        var file = new BlobFiles(_home.Settings().Paths).PathOf(blob.Sha256);

        // One in the request itself, and one by its hash.
        var first = await SubmitAsync(client, spec => spec.Stdin = content);
        var second = await SubmitAsync(
            client,
            spec =>
                spec.Data.Add(
                    new Parameter
                    {
                        Name = "f",
                        Value = "f",
                        Blob = blob,
                    }
                )
        );

        Assert.Equal(content.ToByteArray(), await File.ReadAllBytesAsync(file));
        Assert.All(
            Directory.EnumerateFiles(_home.Settings().Paths.Store, "journal.db*"),
            path => Assert.DoesNotContain("grep for me", ReadShared(path))
        );
        await DeleteAsync(client, first);
        Assert.True(File.Exists(file));
        await DeleteAsync(client, second);
        await Eventually.HoldsAsync(() => !File.Exists(file), "the file goes with its last job");
    }

    [Fact]
    public async Task A_hash_alone_does_not_admit_to_a_file()
    {
        await using var node = await StartAsync();
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        var blob = BlobRules.RefOf("the secret of another"u8);

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            SubmitAsync(client, spec => spec.StdinBlob = blob)
        );

        var refusal = RefusalTrailer.Of(refused)!;
        Assert.Equal(RefusalCode.NotFound, refusal.Code);
        Assert.Contains(BlobRules.NameOf(blob.Sha256), refusal.Message);
        // The jid is not lost.
        Assert.Equal(1, await SubmitAsync(client, _ => { }));
    }

    private Task<NodeHost> StartAsync() =>
        NodeHost.StartAsync(_home.Settings(), _home.NodeLog, default, _ => new SilentExecutor());

    private static async Task<long> SubmitAsync(GatewayClient client, Action<JobSpec> change)
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Command = "cat {f}", Cores = 1 },
        };
        change(request.Spec);
        if (request.Spec.Data.Count == 0)
            request.Spec.Command = "cat";
        return (await client.Cloud.SubmitAsync(request)).First;
    }

    private static async Task DeleteAsync(GatewayClient client, long jid)
    {
        var jobs = new Selection
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };
        await client.Cloud.KillAsync(new KillRequest { Jobs = jobs });
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (
                            await client.Cloud.DeleteAsync(new DeleteRequest { Jobs = jobs })
                        ).Changed > 0;
                }
                catch (RpcException e)
                    when (RefusalTrailer.Of(e)?.Code == RefusalCode.UnfinishedJob)
                {
                    return false;
                }
            },
            "the killed job is deleted"
        );
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
