using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;
using Status = JobCloud.Protocol.Status;

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
        var notes = TextWriter.Synchronized(terminal.Error);
        using var errors = new WriterStream(notes);
        var stdout = new OutputRequest { Jid = jid, Follow = true };
        var stderr = stdout.Clone();
        stderr.Stream = OutputStream.Stderr;
        var output = FollowedOutput.CopyAsync(
            cloud,
            stdout,
            1,
            new StreamTarget(terminal.Output),
            notes,
            notes
        );
        var other = FollowedOutput.CopyAsync(
            cloud,
            stderr,
            1,
            new StreamTarget(errors),
            notes,
            TextWriter.Null
        );
        // If one cannot be written, the job may run on for long.
        await await Task.WhenAny(output, other);
        await other;
        var end = await output;
        if (end.Missing is { } missing)
            await notes.WriteLineAsync(missing.Message);
        return End(end.Job);
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
