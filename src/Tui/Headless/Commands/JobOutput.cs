using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>A job's output, from the node to a stream.</summary>
internal static class JobOutput
{
    /// <summary>Copies all of it, saying what was not kept; returns the attempt it is of.</summary>
    public static async Task<int> CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        Stream output,
        TextWriter notes
    )
    {
        using var call = cloud.Api.Output(request, cloud.Stream());
        return await CopyAsync(call.ResponseStream, output, notes);
    }

    public static async Task<int> CopyAsync(
        IAsyncStreamReader<OutputChunk> chunks,
        Stream output,
        TextWriter notes
    )
    {
        var attempt = 0;
        while (await chunks.MoveNext(CancellationToken.None))
        {
            var chunk = chunks.Current;
            attempt = chunk.Attempt;
            if (chunk.Dropped > 0)
            {
                await notes.WriteLineAsync(
                    $"{chunk.Dropped} bytes of job {chunk.Jid} before byte {chunk.Offset} were not kept."
                );
            }
            output.Write(chunk.Data.Span);
            if (chunk.End)
                break;
        }
        output.Flush();
        return attempt;
    }
}
