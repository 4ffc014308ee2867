using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.Outputs.Stored;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Adds to jobs what their nodes know of them. Outputs that a node does not have come from
/// the store.</summary>
/// <param name="stored">Null: the store has none.</param>
/// <param name="within">How long a node may take to answer.</param>
internal sealed class AttemptClient(IActorRef agents, StoredOutputs? stored, TimeSpan within)
{
    // Outputs of one query, and of one round from a node that is away: 8 MiB at most.
    private const int StoredMost = 32;

    private static readonly GatheringLimits Limits = new(
        Nodes: 16,
        Questions: 2_048,
        HeldBytes: 8 << 20
    );

    private static readonly AttemptAnswer Unknown = new();

    /// <summary>Takes the jobs out of the list and tells them in their order, each as soon as all
    /// that is wanted of it is there. A node that does not answer is not asked again.</summary>
    public async IAsyncEnumerable<JobDetail> AddAsync(IList<JobDetail> jobs, InfoNeed needs)
    {
        var gathering = new InfoGathering(jobs, needs, Limits);
        var away = new HashSet<string>();
        while (true)
        {
            foreach (var job in gathering.TakeComplete())
                yield return job;
            if (gathering.IsDone)
                yield break;
            var asked = gathering.Next();
            var answers = await Task.WhenAll(
                asked.Select(read => AskAsync(read, away.Contains(read.Node)))
            );
            for (var i = 0; i < asked.Count; i++)
                if (answers[i].Length == 0)
                {
                    away.Add(asked[i].Node);
                    answers[i] = [.. asked[i].Questions.Take(StoredMost).Select(_ => Unknown)];
                }
            await AddStoredAsync(asked, answers);
            foreach (var (read, answer) in asked.Zip(answers))
                gathering.Answer(read.Node, answer);
        }
    }

    /// <summary>The answers to the first questions; none: the node is away.</summary>
    private async Task<AttemptAnswer[]> AskAsync(ReadAttempts read, bool isAway)
    {
        if (isAway)
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

    private async Task AddStoredAsync(List<ReadAttempts> asked, AttemptAnswer[][] answers)
    {
        if (stored is null)
            return;
        var lacking =
            from read in Enumerable.Range(0, asked.Count)
            from at in Enumerable.Range(0, answers[read].Length)
            where asked[read].Questions[at].Item == AttemptItem.Output
            where answers[read][at].Output is null
            select (Read: read, At: at);
        foreach (var some in lacking.ToList().Chunk(StoredMost))
        {
            var questions = some.Select(one => asked[one.Read].Questions[one.At]);
            var ends = await EndsAsync(stored, [.. questions]);
            for (var i = 0; i < some.Length; i++)
                if (ends[i] is { } end)
                    answers[some[i].Read][some[i].At] = new AttemptAnswer { Output = end };
        }
    }

    /// <summary>An output that the store does not give is not kept.</summary>
    private static async Task<OutputEnd?[]> EndsAsync(
        StoredOutputs stored,
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
