using Akka.Actor;
using FsCheck;
using FsCheck.Xunit;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Submissions.RequestIds;

public sealed class RequestIdLaws : SubmitterTest
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, List<long>> _made = [];
    private int _runs;

    public RequestIdLaws()
    {
        Claims = new SharedClaims();
        EarlierJobs = find =>
        {
            lock (_made)
                return _made.GetValueOrDefault(find.RequestId) is [var first, ..]
                    ? new RequestFound(first, first)
                    : new RequestFound(0, 0);
        };
        Delivers = request =>
        {
            lock (_made)
                if (request.Submit is { Submitted.RequestId: { Length: > 0 } id } slice)
                    (_made.TryGetValue(id, out var jids) ? jids : _made[id] = []).Add(slice.First);
            return true;
        };
    }

    /// <summary>Holds for any concurrent submissions through any number of nodes, and for any
    /// refused submissions.</summary>
    [Property(MaxTest = 30)]
    public void A_request_id_makes_at_most_one_submission_which_every_answer_names(
        PositiveInt nodes,
        NonEmptyArray<(byte Id, byte Node, bool Refused)> submissions
    )
    {
        var run = ++_runs;
        var refused = new Queue<bool>(submissions.Get.Select(one => one.Refused));
        ReplyInstead = request =>
            request.Submit is not null && refused.TryDequeue(out var no) && no
                ? Refused(RefusalCode.Busy)
                : null;
        var submitters = Enumerable
            .Range(0, nodes.Get % 4 + 1)
            .Select(node => Start($"n{run}-{node}"))
            .ToArray();

        var answers = Task.WhenAll(
                submissions.Get.Select(async one =>
                    (
                        Id: one.Id % 3,
                        Answer: await submitters[one.Node % submitters.Length]
                            .Ask<JobsSubmitted>(Jobs(requestId: $"{run} {one.Id % 3}"), Limit)
                    )
                )
            )
            .GetAwaiter()
            .GetResult();

        foreach (var same in answers.GroupBy(answer => answer.Id))
        {
            var jids = Made($"{run} {same.Key}");
            Assert.InRange(jids.Length, 0, 1);
            Assert.All(
                same.Where(one => one.Answer.Refusal is null),
                one => Assert.Equal(Assert.Single(jids), one.Answer.First)
            );
        }
        foreach (var submitter in submitters)
            Sys.Stop(submitter);
    }

    [Fact]
    public void A_request_id_with_unknown_outcome_is_not_released()
    {
        ClaimWithin = Short;
        var (here, there) = (Start("a"), Start("b"));
        ReplyInstead = request =>
            request.Submit is null ? null : Refused(RefusalCode.StoreUnavailable);
        Assert.Equal(RefusalCode.StoreUnavailable, Submit(here, requestId: "t").Refusal!.Code);
        Assert.Equal(RefusalCode.Busy, Submit(there, requestId: "t").Refusal!.Code);

        ReplyInstead = request => request.Submit is null ? null : Refused(RefusalCode.Busy);
        Assert.Equal(RefusalCode.Busy, Submit(here, requestId: "u").Refusal!.Code);
        ReplyInstead = _ => null;
        Assert.Null(Submit(there, requestId: "u").Refusal);
    }

    private long[] Made(string id)
    {
        lock (_made)
            return [.. _made.GetValueOrDefault(id) ?? []];
    }

    private static SegmentReply Refused(RefusalCode code) =>
        new() { Refusal = Refusals.Of(code, new Jid(0), "Not now.") };

    /// <summary>In-memory claims with one holder at a time, shared by all nodes.</summary>
    private sealed class SharedClaims : IClaimStore
    {
        private readonly HashSet<RequestKey> _held = [];

        public async Task AcquireAsync(RequestKey key, CancellationToken cancel)
        {
            while (true)
            {
                lock (_held)
                    if (_held.Add(key))
                        return;
                await Task.Delay(1, cancel);
            }
        }

        public void Release(RequestKey key)
        {
            lock (_held)
                _held.Remove(key);
        }
    }
}
