using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;

namespace JobCloud.Client.Jobs;

/// <summary>Takes output as it arrives.</summary>
internal interface IOutputTarget
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>A part of the output is complete.</summary>
    void Flush() { }
}

/// <summary>Writes output to a stream, and blocks as that does.</summary>
internal sealed class StreamTarget(Stream stream) : IOutputTarget
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        stream.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void Flush() => stream.Flush();
}

/// <summary>Copies a job's output from the node to a target.</summary>
internal static class JobOutput
{
    /// <summary>The outcome of a copy.</summary>
    /// <param name="Attempt">The attempt that was copied.</param>
    /// <param name="Dropped">The number of bytes that are no longer kept.</param>
    /// <param name="Matches">The number of lines that match, if they are searched.</param>
    public readonly record struct Copied(int Attempt, long Dropped, long Matches);

    /// <summary>Copies all output and reports what is no longer kept. If the node becomes
    /// unavailable, the copy resumes at the same position.</summary>
    /// <param name="begun">The call, if it was started in advance.</param>
    public static async Task<Copied> CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        IOutputTarget output,
        TextWriter notes,
        AsyncServerStreamingCall<OutputChunk>? begun = null,
        CancellationToken cancel = default
    )
    {
        var at = new Position();
        await CopyAsync(cloud, request, output, notes, at, begun, cancel);
        return at.Copied;
    }

    /// <summary>The same, from a position that stays correct if the copy fails.</summary>
    public static async Task CopyAsync(
        CloudConnection cloud,
        OutputRequest request,
        IOutputTarget output,
        TextWriter notes,
        Position at,
        AsyncServerStreamingCall<OutputChunk>? begun = null,
        CancellationToken cancel = default
    )
    {
        var outage = cloud.Patience.NewOutage();
        while (true)
        {
            var before = (at.Attempt, at.Next);
            try
            {
                if (at.Lines is { } lines)
                    await SearchAsync(cloud, request, lines, output, notes, at, cancel);
                else
                    await CopyOnceAsync(cloud, request, output, notes, at, begun, cancel);
                return;
            }
            catch (RpcException failure) when (at.Attempt > 0)
            {
                if (before != (at.Attempt, at.Next))
                    outage.End();
                if (!await outage.PassesAsync(failure, cancel))
                    throw;
                begun = null;
                request = request.Clone();
                (request.Attempt, request.Offset) = (at.Attempt, at.Next);
                (request.TailLines, request.Since) = (0, 0);
            }
        }
    }

    /// <summary>The position in the output of a job.</summary>
    internal sealed class Position
    {
        /// <summary>The lines to copy; null: all bytes are copied.</summary>
        public LineFilter? Lines { get; init; }

        /// <summary>The attempt of the last part; 0: nothing arrived yet.</summary>
        public int Attempt { get; set; }
        public long Next { get; set; }
        public long Dropped { get; set; }
        public long Matches { get; set; }

        public Copied Copied => new(Attempt, Dropped, Matches);
    }

    private static async Task CopyOnceAsync(
        CloudConnection cloud,
        OutputRequest request,
        IOutputTarget output,
        TextWriter notes,
        Position at,
        AsyncServerStreamingCall<OutputChunk>? begun,
        CancellationToken cancel
    )
    {
        // Until the first part arrives, the connection repeats the call itself.
        using var call = begun ?? cloud.Api.Output(request, cloud.StreamOptions(cancel));
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var chunk = call.ResponseStream.Current;
            // The last message, or that of a job that never ran, has no data.
            if (chunk.Attempt != at.Attempt || chunk.Data.Length > 0)
                (at.Attempt, at.Next) = (chunk.Attempt, chunk.Offset + chunk.Data.Length);
            if (chunk.Dropped > 0)
                await NoteAsync(
                    notes,
                    at,
                    new(chunk.Jid, chunk.Dropped, chunk.Offset, chunk.DroppedWhy)
                );
            await output.WriteAsync(chunk.Data.Memory);
        }
        output.Flush();
    }

    private static async Task SearchAsync(
        CloudConnection cloud,
        OutputRequest request,
        LineFilter lines,
        IOutputTarget output,
        TextWriter notes,
        Position at,
        CancellationToken cancel
    )
    {
        using var call = cloud.Api.Search(lines.Of(request), cloud.StreamOptions(cancel));
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var found = call.ResponseStream.Current;
            (at.Attempt, at.Next) = (found.Attempt, found.Next);
            at.Matches += found.Matches.Count;
            if (found.Dropped > 0)
                await NoteAsync(
                    notes,
                    at,
                    new(found.Jid, found.Dropped, found.KeptFrom, found.DroppedWhy)
                );
            if (lines.IsCount)
                continue;
            foreach (var match in found.Matches)
            {
                await output.WriteAsync(match.Text.Memory);
                await output.WriteAsync(LineEnd);
            }
            output.Flush();
        }
    }

    private static ReadOnlyMemory<byte> LineEnd { get; } = "\n"u8.ToArray();

    /// <summary>Bytes that are not kept.</summary>
    private readonly record struct Gap(long Jid, long Bytes, long Until, string Why);

    private static async Task NoteAsync(TextWriter notes, Position at, Gap gap)
    {
        at.Dropped += gap.Bytes;
        var why = gap.Why.Length > 0 ? $": {gap.Why}" : "";
        await notes.WriteLineAsync(
            $"{gap.Bytes} bytes of job {gap.Jid} before byte {gap.Until} were not kept{why}."
        );
    }
}
