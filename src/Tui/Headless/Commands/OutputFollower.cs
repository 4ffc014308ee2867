using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Prints a job's stdout and stderr while it runs, through all its attempts, and exits
/// with its exit code.</summary>
internal static class OutputFollower
{
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
        var shown = 0;
        while (true)
        {
            var attempt = await ShowAttemptAsync(cloud, jid, shown + 1, terminal, errors);
            shown = Math.Max(shown, attempt);
            var job = await DetailAsync(cloud, jid);
            if (JidRuns.IsFinished(job.Status))
                return End(job);
            await WaitForAttemptAsync(cloud, jid);
        }
    }

    /// <summary>Prints an attempt from start to end; returns its number, or 0 if there was
    /// none.</summary>
    private static async Task<int> ShowAttemptAsync(
        CloudConnection cloud,
        Jid jid,
        int attempt,
        CommandProcess terminal,
        Stream errors
    )
    {
        var request = new OutputRequest
        {
            Jid = jid,
            Attempt = attempt,
            Follow = true,
        };
        var toStderr = request.Clone();
        toStderr.Stream = OutputStream.Stderr;
        var copied = await Task.WhenAll(
            JobOutput.CopyAsync(cloud, request, terminal.Output, terminal.Error),
            JobOutput.CopyAsync(cloud, toStderr, errors, terminal.Error)
        );
        return copied.Max(stream => stream.Attempt);
    }

    private static async Task<JobDetail> DetailAsync(CloudConnection cloud, Jid jid)
    {
        var request = new InfoRequest
        {
            Jobs = JidRuns.One(jid),
            Items = { "status", "reason", "exit_code", "signal" },
        };
        return (await InfoCommand.ReadAsync(cloud, request))[0];
    }

    private static async Task WaitForAttemptAsync(CloudConnection cloud, Jid jid)
    {
        var request = new AwaitRequest
        {
            Jobs = JidRuns.One(jid),
            Mode = AwaitMode.Status,
            Status = Status.Processing,
        };
        await foreach (var reply in JobWaiter.WatchAsync(cloud, request, null))
            if (reply.Finished)
                return;
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
