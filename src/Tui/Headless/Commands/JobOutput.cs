using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Copies a job's output from the node to a stream.</summary>
internal static class JobOutput
{
    /// <summary>The outcome of a copy.</summary>
    /// <param name="Attempt">The attempt that was copied.</param>
    /// <param name="Dropped">The number of bytes that are no longer kept.</param>
    public readonly record struct Copied(int Attempt, long Dropped);

    /// <summary>Copies all output and reports what is no longer kept. If the node becomes
    /// unavailable, the copy resumes at the same position.</summary>
    /// <param name="begun">The call, if it was started in advance.</param>
    public static async Task<Copied> CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        Stream output,
        TextWriter notes,
        AsyncServerStreamingCall<OutputChunk>? begun = null
    )
    {
        var at = new Position();
        await CopyAsync(cloud, request, output, notes, at, begun);
        return new(at.Attempt, at.Dropped);
    }

    /// <summary>The same, from a position that stays correct if the copy fails.</summary>
    public static async Task CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        Stream output,
        TextWriter notes,
        Position at,
        AsyncServerStreamingCall<OutputChunk>? begun = null
    )
    {
        var outage = cloud.Patience.NewOutage();
        while (true)
        {
            // Until the first part arrives, the connection repeats the call itself.
            using var call = begun ?? cloud.Api.Output(request, cloud.StreamOptions());
            begun = null;
            var before = (at.Attempt, at.Next);
            try
            {
                await CopyAsync(call.ResponseStream, output, notes, at);
                return;
            }
            catch (RpcException failure) when (at.Attempt > 0)
            {
                if (before != (at.Attempt, at.Next))
                    outage.End();
                if (!await outage.PassesAsync(failure, CancellationToken.None))
                    throw;
                request = request.Clone();
                (request.Attempt, request.Offset) = (at.Attempt, at.Next);
                (request.TailLines, request.Since) = (0, 0);
            }
        }
    }

    /// <summary>The position in the output of a job.</summary>
    internal sealed class Position
    {
        /// <summary>The attempt of the last part; 0: nothing arrived yet.</summary>
        public int Attempt { get; set; }
        public long Next { get; set; }
        public long Dropped { get; set; }
    }

    private static async Task CopyAsync(
        IAsyncStreamReader<OutputChunk> chunks,
        Stream output,
        TextWriter notes,
        Position at
    )
    {
        while (await chunks.MoveNext(CancellationToken.None))
        {
            var chunk = chunks.Current;
            // The last message, or that of a job that never ran, has no data.
            if (chunk.Attempt != at.Attempt || chunk.Data.Length > 0)
                (at.Attempt, at.Next) = (chunk.Attempt, chunk.Offset + chunk.Data.Length);
            at.Dropped += chunk.Dropped;
            if (chunk.Dropped > 0)
            {
                var why = chunk.DroppedWhy.Length > 0 ? $": {chunk.DroppedWhy}" : "";
                await notes.WriteLineAsync(
                    $"{chunk.Dropped} bytes of job {chunk.Jid} before byte {chunk.Offset} were not kept{why}."
                );
            }
            output.Write(chunk.Data.Span);
        }
        output.Flush();
    }
}
