using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>A job's output, from the node to a stream.</summary>
internal static class JobOutput
{
    /// <summary>
    /// Copies all of it, saying what was not kept; returns the attempt it is of. When the node goes away
    /// on the way, it goes on where it was.
    /// </summary>
    public static async Task<int> CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        Stream output,
        TextWriter notes
    )
    {
        var at = new Place();
        while (true)
        {
            using var call = cloud.Api.Output(request, cloud.Stream());
            try
            {
                return await CopyAsync(call.ResponseStream, output, notes, at);
            }
            catch (RpcException failure)
                when (failure.StatusCode == StatusCode.Unavailable && at.Attempt > 0)
            {
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
    }

    public static Task<int> CopyAsync(
        IAsyncStreamReader<OutputChunk> chunks,
        Stream output,
        TextWriter notes
    ) => CopyAsync(chunks, output, notes, new Place());

    private static async Task<int> CopyAsync(
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
            if (chunk.Dropped > 0)
            {
                var why = chunk.DroppedWhy.Length > 0 ? $": {chunk.DroppedWhy}" : "";
                await notes.WriteLineAsync(
                    $"{chunk.Dropped} bytes of job {chunk.Jid} before byte {chunk.Offset} were not kept{why}."
                );
            }
            output.Write(chunk.Data.Span);
            if (chunk.End)
                break;
        }
        output.Flush();
        return at.Attempt;
    }
}
