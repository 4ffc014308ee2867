using System.Runtime.CompilerServices;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Streams what the own directory of a job holds, no faster than the client
/// reads.</summary>
/// <param name="agents">Forwards questions to the nodes that ran the attempts.</param>
/// <param name="within">Time limit for the answer of a node.</param>
internal sealed class FilesHandler(SegmentClient segments, IActorRef agents, TimeSpan within)
{
    public async IAsyncEnumerable<Outcome<FilesReply>> FilesAsync(
        FilesRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var read = await segments.DetailAsync(new Jid(request.Jid), by);
        if (!read.IsGranted)
        {
            yield return read.Refusal;
            yield break;
        }
        var attempt = Attempt.Of(read.Reply, request.Attempt);
        if (attempt.Problem(request) is { } problem)
        {
            yield return problem;
            yield break;
        }
        var at = Math.Max(0, request.Offset);
        do
        {
            var part = await AskAsync(attempt, request.Path, at);
            if (Refused(part, attempt, request) is { } refusal)
            {
                yield return refusal;
                yield break;
            }
            yield return attempt.Reply(part, at);
            var count = part.IsDirectory ? part.Entries.Count : part.Data.Length;
            if (count == 0 || (at += count) >= part.Size)
                yield break;
        } while (!cancel.IsCancellationRequested);
    }

    private async Task<FilesRead> AskAsync(Attempt attempt, string path, long offset)
    {
        var question = new ReadFiles
        {
            Node = attempt.Node,
            Jid = attempt.Jid,
            Attempt = attempt.Number,
            Path = path,
            Offset = offset,
        };
        try
        {
            return await agents.Ask<FilesRead>(question, within);
        }
        catch (AskTimeoutException)
        {
            return new() { Missing = true };
        }
    }

    private static Refusal? Refused(FilesRead part, Attempt attempt, FilesRequest request)
    {
        if (part.Missing && attempt.LeftNothing)
        {
            if (request.Path.Length == 0)
            {
                // The node removed it, since it was empty.
                (part.Missing, part.IsDirectory) = (false, true);
                return null;
            }
            return NotFound(attempt.Jid, $"Job {attempt.Jid} left nothing in its own directory.");
        }
        if (part.Missing)
            return NotFound(
                attempt.Jid,
                $"The directory of job {attempt.Jid}, attempt {attempt.Number}, is no longer kept on node {attempt.Node}, or the node is unreachable."
            );
        return part.Trouble.Length > 0
            ? NotFound(
                attempt.Jid,
                $"The file '{request.Path}' of job {attempt.Jid}, attempt {attempt.Number}, {part.Trouble}."
            )
            : null;
    }

    private static Refusal NotFound(Jid jid, string message) =>
        Refusals.Of(RefusalCode.NotFound, jid, message);

    /// <summary>The attempt whose directory is read.</summary>
    /// <param name="Node">Empty: it has not started.</param>
    private sealed record Attempt(Jid Jid, int Number, int Newest, string Node, Exit? Exit)
    {
        private string _elsewhere = "";

        /// <summary>Whether it has ended without a file in its own directory.</summary>
        public bool LeftNothing { get; private init; }

        public static Attempt Of(JobDetail job, int wanted)
        {
            var number = wanted == 0 ? job.Attempt : wanted;
            var isNewest = number == job.Attempt;
            var past = job.Attempts.FirstOrDefault(a => a.Attempt == number);
            var node = (isNewest ? job.Node : past?.Node) ?? "";
            var directory = job.Spec?.WorkingDirectory ?? "";
            var (exit, usage) = isNewest ? (job.Exit, job.Usage) : (past?.Exit, past?.Usage);
            return new(new Jid(job.Jid), number, job.Attempt, node, exit)
            {
                LeftNothing = exit is not null && usage is null or { DiskBytes: 0 },
                _elsewhere = directory.Length > 0 ? $"{directory} on node {node}" : "",
            };
        }

        public Refusal? Problem(FilesRequest request)
        {
            if (request.Path.Contains('\0'))
                return Refusals.Of(
                    RefusalCode.Usage,
                    "The path contains a NUL character; remove it."
                );
            if (Number < 0 || Number > Newest)
                return NotFound(
                    Jid,
                    $"Job {Jid} has no attempt {Number}; attempts so far: {Newest}."
                );
            if (Number == 0 || Node.Length == 0)
                return NotFound(Jid, $"Job {Jid} has not started, so it has no files yet.");
            return Exit is { DirectoryDropped: > 0 and var limit }
                ? NotFound(
                    Jid,
                    $"The directory of job {Jid}, attempt {Number}, was deleted at its end: it was larger than {Sizes.Print(limit)} (jobcloud.executor.directory-limit). Let the job write such files elsewhere."
                )
                : null;
        }

        public FilesReply Reply(FilesRead part, long offset) =>
            new()
            {
                Attempt = Number,
                IsDirectory = part.IsDirectory,
                Entries = { part.Entries },
                Data = part.Data,
                Offset = part.IsDirectory ? 0 : offset,
                Elsewhere = _elsewhere,
            };
    }
}
