using System.Runtime.CompilerServices;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Client.Jobs;

/// <summary>What a finished job returned.</summary>
/// <param name="Content">Null: it failed.</param>
/// <param name="Failure">A sentence; null: it is done.</param>
/// <param name="Dropped">The bytes that were not kept.</param>
internal sealed record ReadResult(
    Jid Jid,
    Status Status,
    byte[]? Content,
    string? Failure,
    long Dropped
);

/// <summary>Reads the results of finished jobs into memory, one after another, while the next ones
/// are on their way.</summary>
internal static class JobResults
{
    /// <summary>The number of results to request in advance.</summary>
    private const int Ahead = 16;

    public static async IAsyncEnumerable<ReadResult> ReadAsync(
        CloudConnection cloud,
        IEnumerable<StatusRun> runs,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var ahead = new Queue<(Jid, Status, AsyncServerStreamingCall<OutputChunk>?)>();
        try
        {
            foreach (var run in runs)
            {
                for (var jid = new Jid(run.First); jid < run.First + run.Count; jid++)
                {
                    var call = run.Status == Status.Done ? Begin(cloud, jid, cancel) : null;
                    ahead.Enqueue((jid, run.Status, call));
                    if (ahead.Count > Ahead)
                        yield return await ReadAsync(cloud, ahead.Dequeue(), cancel);
                }
            }
            while (ahead.Count > 0)
                yield return await ReadAsync(cloud, ahead.Dequeue(), cancel);
        }
        finally
        {
            foreach (var (_, _, call) in ahead)
                call?.Dispose();
        }
    }

    private static async Task<ReadResult> ReadAsync(
        CloudConnection cloud,
        (Jid Jid, Status Status, AsyncServerStreamingCall<OutputChunk>? Output) job,
        CancellationToken cancel
    )
    {
        if (job.Output is null)
        {
            var failure = await FailureAsync(cloud, job.Jid, cancel);
            return new(job.Jid, job.Status, null, failure, 0);
        }
        using var content = new MemoryStream();
        var copied = await JobOutput.CopyAsync(
            cloud,
            RequestOf(job.Jid),
            new StreamTarget(content),
            TextWriter.Null,
            job.Output,
            cancel
        );
        return new(job.Jid, job.Status, content.ToArray(), null, copied.Dropped);
    }

    /// <summary>The error of a result of which a part was not kept.</summary>
    public static ClientErrorException Torn(ReadResult result) =>
        new(
            new ClientError(
                ErrorKinds.TornResult,
                $"{result.Dropped} bytes of the result of job {result.Jid} were not kept.",
                result.Jid
            )
        );

    private static async Task<string> FailureAsync(
        CloudConnection cloud,
        Jid jid,
        CancellationToken cancel
    )
    {
        var request = new InfoRequest { Jobs = JidRuns.One(jid), Items = { "status", "reason" } };
        return JobFailureText.Of(await JobDetails.ReadAsync(cloud, request, cancel));
    }

    private static AsyncServerStreamingCall<OutputChunk> Begin(
        CloudConnection cloud,
        Jid jid,
        CancellationToken cancel
    ) => cloud.Api.Output(RequestOf(jid), cloud.StreamOptions(cancel));

    private static OutputRequest RequestOf(Jid jid) =>
        new() { Jid = jid, Stream = Protocol.OutputStream.Result };
}
