using FsCheck;
using FsCheck.Xunit;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Submissions.Tokens;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Submissions.Tokens;

public sealed class TokenGateLaws
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    /// <summary>Whatever comes at once through however many nodes, and whichever submissions are refused:
    /// each token makes one job at most, and all that are answered name it.</summary>
    [Property(MaxTest = 50)]
    public bool A_token_makes_one_job_however_many_submit_under_it_at_once(
        PositiveInt nodes,
        NonEmptyArray<(byte Token, byte Node, bool Refused)> submissions
    )
    {
        var cloud = new SharedClaims();
        var gates = Enumerable.Range(0, nodes.Get % 4 + 1).Select(_ => new TokenGate(cloud, Long));
        var doors = gates.ToArray();
        var index = new Dictionary<TokenKey, long>();
        long jids = 0;
        var answers = Task.WhenAll(submissions.Get.Select(one => Task.Run(() => SubmitAsync(one))))
            .GetAwaiter()
            .GetResult();
        return answers
                .Where(answer => answer.Jid > 0)
                .GroupBy(answer => answer.Key)
                .All(same => same.Select(answer => answer.Jid).Distinct().Count() == 1)
            && jids == index.Count;

        async Task<(TokenKey Key, long Jid)> SubmitAsync((byte Token, byte Node, bool Refused) one)
        {
            var key = new TokenKey("ann", $"t{one.Token % 3}");
            var outcome = await doors[one.Node % doors.Length]
                .OnceAsync(key, () => FindOrMakeAsync(key, one.Refused), default);
            return (key, outcome.Reply?.First ?? 0);
        }

        // As the handler does: look, and submit only then; the index lags as little as a reply does.
        async Task<Outcome<SubmitReply>> FindOrMakeAsync(TokenKey key, bool refused)
        {
            lock (index)
                if (index.TryGetValue(key, out var found))
                    return new SubmitReply { First = found, Last = found };
            await Task.Yield();
            if (refused)
                return new Refusal { Code = RefusalCode.Busy };
            var jid = Interlocked.Increment(ref jids);
            await Task.Yield();
            lock (index)
                index[key] = jid;
            return new SubmitReply { First = jid, Last = jid };
        }
    }

    [Fact]
    public async Task Who_loses_patience_lets_nobody_past_the_one_that_is_under_way()
    {
        var gate = new TokenGate(null, Short);
        var key = new TokenKey("ann", "t");
        var answer = new TaskCompletionSource<Outcome<SubmitReply>>();
        var first = gate.OnceAsync(key, () => answer.Task, default);
        var second = await gate.OnceAsync(key, Never, default);
        Assert.Equal(RefusalCode.Busy, second.Refusal!.Code);
        var third = await gate.OnceAsync(key, Never, default);
        Assert.Equal(RefusalCode.Busy, third.Refusal!.Code);
        answer.SetResult(new SubmitReply { First = 7, Last = 7 });
        Assert.Equal(7, (await first).Reply!.First);
    }

    [Fact]
    public async Task A_claim_whose_outcome_is_not_known_is_not_given_back()
    {
        var cloud = new SharedClaims();
        var (here, there) = (new TokenGate(cloud, Short), new TokenGate(cloud, Short));
        var key = new TokenKey("ann", "t");
        await here.OnceAsync(key, () => Refuse(RefusalCode.StoreUnavailable), default);
        Assert.Equal(RefusalCode.Busy, (await there.OnceAsync(key, Never, default)).Refusal!.Code);

        var other = new TokenKey("ann", "u");
        await here.OnceAsync(other, () => Refuse(RefusalCode.Busy), default);
        var granted = await there.OnceAsync(other, () => Refuse(RefusalCode.NotFound), default);
        Assert.Equal(RefusalCode.NotFound, granted.Refusal!.Code);
    }

    private static Task<Outcome<SubmitReply>> Refuse(RefusalCode code) =>
        Task.FromResult<Outcome<SubmitReply>>(new Refusal { Code = code });

    private static Task<Outcome<SubmitReply>> Never() =>
        throw new InvalidOperationException("Another one is under way.");

    /// <summary>What the store does, in memory: one holder at a time, whoever asks.</summary>
    private sealed class SharedClaims : IClaims
    {
        private readonly HashSet<TokenKey> held = [];

        public async Task TakeAsync(TokenKey key, CancellationToken cancel)
        {
            while (true)
            {
                lock (held)
                    if (held.Add(key))
                        return;
                await Task.Delay(1, cancel);
            }
        }

        public void Give(TokenKey key)
        {
            lock (held)
                held.Remove(key);
        }
    }
}
