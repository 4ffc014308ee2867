using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Adds to jobs the details that only their nodes have. Reads an output from the store if
/// the node does not have it.</summary>
/// <param name="stored">Null if the store keeps no outputs.</param>
/// <param name="within">Time limit for the answer of a node.</param>
internal sealed class AttemptDetailClient(IActorRef agents, OutputStore? stored, TimeSpan within)
{
    // Outputs per query, and per round for an unreachable node: 8 MiB at most.
    private const int MaxStored = 32;

    private static readonly InfoCollectorLimits Limits = new(
        Nodes: 16,
        Questions: 2_048,
        HeldBytes: 8 << 20
    );

    private static readonly AttemptAnswer Unknown = new();

    /// <summary>Removes the jobs from the list and returns them in order, each as soon as it is
    /// complete. A node that does not answer is not asked again.</summary>
    public async IAsyncEnumerable<JobDetail> AddAsync(IList<JobDetail> jobs, InfoNeed needs)
    {
        var gathering = new InfoCollector(jobs, needs, Limits);
        var unreachable = new HashSet<string>();
        while (true)
        {
            foreach (var job in gathering.TakeComplete())
                yield return job;
            if (gathering.IsDone)
                yield break;
            var requests = gathering.Next();
            var answers = await Task.WhenAll(
                requests.Select(read => AskAsync(read, unreachable.Contains(read.Node)))
            );
            for (var i = 0; i < requests.Count; i++)
                if (answers[i].Length == 0)
                {
                    unreachable.Add(requests[i].Node);
                    answers[i] = [.. requests[i].Questions.Take(MaxStored).Select(_ => Unknown)];
                }
            await AddStoredAsync(requests, answers);
            foreach (var (read, answer) in requests.Zip(answers))
                gathering.Answer(read.Node, answer);
        }
    }

    /// <summary>Returns the answers to the first questions, or none if the node is
    /// unreachable.</summary>
    private async Task<AttemptAnswer[]> AskAsync(ReadAttempts read, bool isUnreachable)
    {
        if (isUnreachable)
            return [];
        try
        {
            return [.. (await agents.Ask<AttemptsRead>(read, within)).Answers];
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }

    private async Task AddStoredAsync(List<ReadAttempts> requests, AttemptAnswer[][] answers)
    {
        if (stored is null)
            return;
        var missing =
            from read in Enumerable.Range(0, requests.Count)
            from at in Enumerable.Range(0, answers[read].Length)
            where requests[read].Questions[at].Item == AttemptItem.Output
            where answers[read][at].Output is null
            select (Read: read, At: at);
        foreach (var some in missing.ToList().Chunk(MaxStored))
        {
            var questions = some.Select(one => requests[one.Read].Questions[one.At]);
            var ends = await EndsAsync(stored, [.. questions]);
            for (var i = 0; i < some.Length; i++)
                if (ends[i] is { } end)
                    answers[some[i].Read][some[i].At] = new AttemptAnswer { Output = end };
        }
    }

    /// <summary>Treats an output that cannot be read from the store as not kept.</summary>
    private static async Task<OutputEnd?[]> EndsAsync(
        OutputStore stored,
        AttemptQuestion[] questions
    )
    {
        try
        {
            return await stored.ReadEndsAsync(questions, CancellationToken.None);
        }
        catch (DbException)
        {
            return new OutputEnd?[questions.Length];
        }
    }
}
