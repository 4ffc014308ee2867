using Akka.TestKit;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Submissions.RequestIds;

namespace JobCloud.Node.Tests.Submissions;

/// <summary>Submissions of a series, of which the first waits long for its request ID.</summary>
public sealed class SeriesTests : SubmitterTest
{
    [Fact]
    public void A_late_claim_delays_its_series_and_no_other_submission()
    {
        var claims = new HeldClaims("1");
        Claims = claims;
        var submitter = Start();
        var clients = new Dictionary<string, TestProbe>();
        foreach (var id in new[] { "1", "2", "other", "3" })
        {
            clients[id] = CreateTestProbe(id);
            var jobs = Jobs(requestId: id) with { Series = id == "other" ? "" : "s" };
            submitter.Tell(jobs, clients[id].Ref);
        }
        AwaitAssert(() => Assert.Equal(4, claims.Asked), Limit);
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, clients["other"].ExpectMsg<JobsSubmitted>(Limit).First);
        Assert.False(clients["2"].HasMessages);
        claims.Give();
        foreach (var id in new[] { "1", "2", "3" })
            Assert.Equal(int.Parse(id) + 1, clients[id].ExpectMsg<JobsSubmitted>(Limit).First);
    }

    /// <summary>Claims of which another node holds one.</summary>
    private sealed class HeldClaims(string held) : IClaimStore
    {
        private readonly TaskCompletionSource _given = new();
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task AcquireAsync(RequestKey key, CancellationToken cancel)
        {
            Interlocked.Increment(ref _asked);
            return key.RequestId == held ? _given.Task : Task.CompletedTask;
        }

        public void Give() => _given.SetResult();

        public void Release(RequestKey key) { }
    }
}
