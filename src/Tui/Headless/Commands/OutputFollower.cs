using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Prints a job's stdout and stderr while it runs, through all its attempts, and exits
/// with its exit code.</summary>
internal static class OutputFollower
{
    private const int AllAttempts = 0;

    public static async Task<Report> RunAsync(
        CloudConnection cloud,
        Jid jid,
        CommandProcess terminal
    )
    {
        // The streams are copied concurrently, and both can write notes.
        terminal = terminal with
        {
            Error = TextWriter.Synchronized(terminal.Error),
        };
        using var errors = new WriterStream(terminal.Error);
        var shown = await ShowAsync(cloud, jid, AllAttempts, terminal, errors);
        var isComplete = false;
        while (true)
        {
            var job = await DetailAsync(cloud, jid);
            if (JidRuns.IsFinished(job.Status) && (isComplete || job.Attempt <= shown))
                return End(job);
            // After a broken connection, a node follows only the attempt it broke off in.
            var next = await ShowAsync(cloud, jid, shown + 1, terminal, errors);
            (isComplete, shown) = (next == 0, Math.Max(shown, next));
        }
    }

    /// <summary>Prints one attempt, or all, from start to end. Waits until it starts or the job
    /// finishes.</summary>
    /// <returns>The last attempt that was printed; 0: the job finished without it.</returns>
    private static async Task<int> ShowAsync(
        CloudConnection cloud,
        Jid jid,
        int attempt,
        CommandProcess terminal,
        Stream errors
    )
    {
        var stdout = new OutputRequest
        {
            Jid = jid,
            Attempt = attempt,
            Follow = true,
        };
        var stderr = stdout.Clone();
        stderr.Stream = OutputStream.Stderr;
        try
        {
            var copied = await Task.WhenAll(
                JobOutput.CopyAsync(cloud, stdout, terminal.Output, terminal.Error),
                JobOutput.CopyAsync(cloud, stderr, errors, terminal.Error)
            );
            return copied.Max(stream => stream.Attempt);
        }
        catch (RpcException refusal)
            when (refusal.StatusCode == StatusCode.NotFound && attempt != AllAttempts)
        {
            return 0;
        }
    }

    private static async Task<JobDetail> DetailAsync(CloudConnection cloud, Jid jid)
    {
        var request = new InfoRequest
        {
            Jobs = JidRuns.One(jid),
            Items = { "status", "attempt", "reason", "exit_code", "signal" },
        };
        return await InfoCommand.ReadAsync(cloud, request);
    }

    /// <summary>The job's exit code, or the code that a shell reports for its signal.</summary>
    private static Report End(JobDetail job)
    {
        if (job.Status == Status.Done)
            return new Report.Ended(job.Exit?.Code ?? CommandExitCodes.Success);
        var code =
            job.Exit is { Signal: > 0 } exit ? CommandExitCodes.SignalBase + exit.Signal
            : job.Exit is { Code: > 0 } plain ? plain.Code
            : CommandExitCodes.Refused;
        return JobFailures.Of(job) with { ExitCode = code };
    }

    /// <summary>Decodes bytes for a text writer. If a chunk ends within a character, the next chunk
    /// completes it.</summary>
    private sealed class WriterStream(TextWriter writer) : MemoryStream
    {
        private readonly System.Text.Decoder _decoder = System.Text.Encoding.UTF8.GetDecoder();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var characters = new char[_decoder.GetCharCount(buffer, flush: false)];
            var count = _decoder.GetChars(buffer, characters, flush: false);
            writer.Write(characters, 0, count);
        }
    }
}
