using FsCheck.Xunit;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using What = JobCloud.Protocol.Nodes.AttemptReport.WhatOneofCase;

namespace JobCloud.Node.Tests.Agents;

/// <summary>Properties of the table for random sequences of events, generated from dice.</summary>
public sealed class AttemptTableLaws
{
    private const int Cores = 4;
    private const long Memory = 100;

    [Property]
    public void The_node_is_never_overcommitted_nor_idle_with_attempts_that_fit(byte[] dice)
    {
        var story = new Story(dice);
        while (story.Go())
        {
            var live = story.Table.All.Where(IsLive).ToArray();
            Assert.True(live.Sum(a => a.Cores) <= Cores);
            Assert.True(live.Sum(MemoryOf) <= Memory);
            Assert.Empty(story.Table.TakeFitting());
            var free = Cores - live.Sum(a => a.Cores);
            var freeMemory = Memory - live.Sum(MemoryOf);
            Assert.DoesNotContain(
                story.Table.All,
                a =>
                    a.Stage == KnownAttemptStage.Waiting
                    && a.Cores <= free
                    && MemoryOf(a) <= freeMemory
            );
        }
    }

    [Property]
    public void Each_attempt_starts_at_most_once_and_has_one_final_report(byte[] dice)
    {
        var story = new Story(dice);
        while (story.Go()) { }
        story.Finish();
        Assert.Empty(story.Table.All);
        Assert.Equal(story.Started.Count, story.Started.Distinct().Count());
        var last = story
            .Reports.Where(Node.Daemon.Agents.AttemptReportFactory.IsFinal)
            .ToLookup(r => r.Jid);
        Assert.Equal(story.Ordered.Order(), last.Select(l => l.Key).Order());
        Assert.All(last, l => Assert.Single(l.Distinct()));
        Assert.All(
            last,
            l => Assert.Equal(story.Started.Contains(l.Key), l.First().WhatCase == What.Ended)
        );
    }

    // Without a limit, an attempt counts as the share of its cores.
    private static long MemoryOf(KnownAttempt attempt) =>
        attempt.MemoryBytes > 0 ? attempt.MemoryBytes : Memory / Cores * attempt.Cores;

    private static bool IsLive(KnownAttempt attempt) =>
        attempt.Stage is KnownAttemptStage.Starting or KnownAttemptStage.Running;

    private sealed class Story(byte[] dice)
    {
        private int _at;

        public AttemptTable Table { get; } =
            new(
                new()
                {
                    Node = "n1",
                    Address = "",
                    Version = "",
                    Server = "",
                    Home = new("/home"),
                    Capacity = new Resources { Cores = Cores, MemoryBytes = Memory },
                    BacklogMax = 5,
                }
            );

        public HashSet<long> Ordered { get; } = [];
        public List<long> Started { get; } = [];
        public List<AttemptReport> Reports { get; } = [];

        public bool Go()
        {
            if (_at + 1 >= dice.Length)
                return false;
            Step(dice[_at++], dice[_at++]);
            Settle();
            return true;
        }

        /// <summary>Ends all attempts and accepts their ends.</summary>
        public void Finish()
        {
            while (Table.All.FirstOrDefault() is { } attempt)
            {
                Table.Record(Ended(attempt.Id.Jid));
                if (Table.ForgetAccepted(attempt.Id) is null)
                    Table.Stop(new StopAttempt { Jid = attempt.Id.Jid, Attempt = 1 });
                Settle();
            }
        }

        private void Step(byte what, byte jid)
        {
            switch (what % 8)
            {
                case 0 or 1 or 2 when !Forgotten(jid):
                    Table.Order(Order(jid, what), draining: false);
                    Ordered.Add(jid);
                    break;
                case 3 when !Forgotten(jid):
                    Table.Order(Order(jid, what), draining: true);
                    Ordered.Add(jid);
                    break;
                case 4:
                    Table.Record(StartedReport(jid));
                    break;
                case 5:
                    Table.Record(Ended(jid));
                    break;
                case 6 when Ordered.Contains(jid):
                    Table.Stop(new StopAttempt { Jid = jid, Attempt = 1 });
                    break;
                case 7:
                    Table.ForgetAccepted(new(jid, 1));
                    Table.Retry();
                    break;
            }
        }

        // A segment does not order an attempt again after it has accepted its end.
        private bool Forgotten(long jid) =>
            Ordered.Contains(jid) && Table.Find(new(jid, 1)) is null;

        private void Settle()
        {
            Started.AddRange(Table.TakeFitting().Select(a => a.Id.Jid.Value));
            Reports.AddRange(
                Table.Outbox.TakeDue(busy: false, 0).SelectMany(r => r.Reports.Reports)
            );
        }

        private static StartAttempts Order(long jid, byte size) =>
            new()
            {
                Groups =
                {
                    new AttemptGroup
                    {
                        Spec = new JobSpec { Cores = size % 5, MemoryBytes = size % 60 },
                        Priority = size % 3,
                        Orders =
                        {
                            new AttemptOrder { Jid = jid, Attempt = 1 },
                        },
                    },
                },
            };

        private static AttemptReport StartedReport(long jid) =>
            Daemon.Agents.AttemptReportFactory.Of(ScriptedExecutor.Started(jid));

        private static AttemptReport Ended(long jid) =>
            Daemon.Agents.AttemptReportFactory.Of(ScriptedExecutor.Ended(jid));
    }
}
