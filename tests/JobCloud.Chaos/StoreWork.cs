using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Work that makes nodes write to the store in other ways than for jobs. It is repeated
/// until it succeeds.</summary>
public sealed class StoreWork(IReadOnlyList<ChaosNode> nodes)
{
    private const int JobsAtOnce = 20;

    /// <summary>Three rows of the store.</summary>
    private const int UploadBytes = 3 << 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<JidRange> _deleted = [];
    private int _submissions;

    /// <summary>Runs some jobs and deletes them, so that their segment is compacted.</summary>
    public async Task DeleteAsync(int node, CancellationToken cancel)
    {
        var request = Request("true");
        (request.Count, request.IsMap) = (JobsAtOnce, true);
        var jobs = await RunAsync(node, request, cancel);
        await RepeatAsync(
            node,
            async client =>
                await client.DeleteAsync(
                    new DeleteRequest { Jobs = Selected(jobs) },
                    deadline: DateTime.UtcNow + Deadline
                ),
            cancel
        );
        _deleted.Add(jobs);
    }

    /// <summary>Sends a file, and runs a job that fails if it gets another one.</summary>
    public async Task UploadAsync(int node, CancellationToken cancel)
    {
        var content = RandomNumberGenerator.GetBytes(UploadBytes);
        var blob = new BlobRef
        {
            Sha256 = ByteString.CopyFrom(SHA256.HashData(content)),
            Size = content.Length,
        };
        var hash = Convert.ToHexStringLower(blob.Sha256.Span);
        var request = Request($"sha256sum | grep -q {hash}");
        request.Spec.StdinBlob = blob;
        await RepeatAsync(
            node,
            async client =>
            {
                await SendAsync(client, blob, content);
                // A node that restarted may not know the caller's file any more.
                await client.SubmitAsync(request, deadline: DateTime.UtcNow + Deadline);
            },
            cancel
        );
        await RunAsync(node, request, cancel);
    }

    /// <summary>What is wrong with what was deleted.</summary>
    public async Task<IReadOnlyList<Violation>> ViolationsAsync()
    {
        using var giveUp = new CancellationTokenSource(Deadline * 4);
        var found = new List<Violation>();
        foreach (var jobs in _deleted)
            await RepeatAsync(
                node: 0,
                async client =>
                {
                    var wrong = await UndeletedAsync(client, jobs);
                    found.AddRange(wrong.Select(jid => new Violation(jid, "its deletion is lost")));
                },
                giveUp.Token
            );
        return found;
    }

    private static async Task<IReadOnlyList<long>> UndeletedAsync(
        Cloud.CloudClient client,
        JidRange jobs
    )
    {
        var left = new HashSet<long>(
            Enumerable.Range(0, (int)(jobs.Last - jobs.First + 1)).Select(i => jobs.First + i)
        );
        var listed = await client.ListAsync(
            new ListRequest { Deleted = true, Limit = 10_000 },
            deadline: DateTime.UtcNow + Deadline
        );
        left.ExceptWith(listed.Rows.Select(row => row.First));
        return [.. left];
    }

    private async Task<JidRange> RunAsync(int node, SubmitRequest request, CancellationToken cancel)
    {
        var jobs = new JidRange();
        await RepeatAsync(
            node,
            async client =>
            {
                var deadline = DateTime.UtcNow + Deadline;
                var reply = await client.SubmitAsync(request, deadline: deadline);
                (jobs.First, jobs.Last) = (reply.First, reply.Last);
                await TrueMap.JoinAsync(client, jobs.First, jobs.Last).WaitAsync(Deadline * 2);
            },
            cancel
        );
        return jobs;
    }

    private static async Task SendAsync(
        Cloud.CloudClient client,
        BlobRef blob,
        ReadOnlyMemory<byte> content
    )
    {
        for (long offset = 0; offset < content.Length; )
        {
            var count = (int)Math.Min(BlobRules.PartBytes, content.Length - offset);
            var part = new PutBlobRequest
            {
                Blob = blob,
                Offset = offset,
                Data = UnsafeByteOperations.UnsafeWrap(content.Slice((int)offset, count)),
            };
            var reply = await client.PutBlobAsync(part, deadline: DateTime.UtcNow + Deadline);
            if (reply.Done)
                return;
            offset = reply.Next;
        }
    }

    /// <summary>Asks one node after another until one does it.</summary>
    private async Task RepeatAsync(
        int node,
        Func<Cloud.CloudClient, Task> ask,
        CancellationToken cancel
    )
    {
        for (var turn = node; ; turn++)
            try
            {
                await ask(nodes[turn % nodes.Count].Client);
                return;
            }
            catch (Exception e) when (e is RpcException or TimeoutException)
            {
                if (cancel.IsCancellationRequested)
                    throw new TimeoutException($"No node does it: {e.Message}", e);
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
    }

    private SubmitRequest Request(string command) =>
        new()
        {
            Spec = new JobSpec
            {
                Command = command,
                Cores = 1,
                Priority = 5,
                MemoryBytes = 16 << 20,
            },
            RequestId = $"work{_submissions++}",
        };

    private static Selection Selected(JidRange jobs) =>
        new() { Items = { new SelectionItem { Range = jobs } } };
}
