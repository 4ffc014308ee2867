using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>A job's output, from the node to a stream.</summary>
internal static class JobOutput
{
    /// <summary>What was copied.</summary>
    /// <param name="Attempt">It is of.</param>
    /// <param name="Dropped">Bytes that are not kept any more.</param>
    public readonly record struct Copied(int Attempt, long Dropped);

    /// <summary>
    /// Copies all of it, saying what was not kept. When the node goes away on the way, it goes on
    /// where it was.
    /// </summary>
    /// <param name="begun">The call, where it was made ahead.</param>
    public static async Task<Copied> CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        Stream output,
        TextWriter notes,
        AsyncServerStreamingCall<OutputChunk>? begun = null
    )
    {
        var at = new Place();
        while (true)
        {
            using var call = begun ?? cloud.Api.Output(request, cloud.Stream());
            try
            {
                await CopyAsync(call.ResponseStream, output, notes, at);
                return new(at.Attempt, at.Dropped);
            }
            catch (RpcException failure)
                when (failure.StatusCode == StatusCode.Unavailable
                    && (at.Attempt > 0 || begun is not null)
                )
            {
                begun = null;
                if (at.Attempt == 0)
                    continue;
                request = request.Clone();
                (request.Attempt, request.Offset) = (at.Attempt, at.Next);
                (request.TailLines, request.Since) = (0, 0);
            }
        }
    }

    /// <summary>How far a stream was copied.</summary>
    private sealed class Place
    {
        public int Attempt { get; set; }
        public long Next { get; set; }
        public long Dropped { get; set; }
    }

    private static async Task CopyAsync(
        IAsyncStreamReader<OutputChunk> chunks,
        Stream output,
        TextWriter notes,
        Place at
    )
    {
        while (await chunks.MoveNext(CancellationToken.None))
        {
            var chunk = chunks.Current;
            at.Attempt = chunk.Attempt;
            at.Next = chunk.Offset + chunk.Data.Length;
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
