using System.Text.RegularExpressions;
using FsCheck.Xunit;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Reasons;

[Properties(Arbitrary = [typeof(Generators), typeof(JobGenerators)])]
public sealed partial class PilogTests
{
    [Fact]
    public void Output_dropped_for_the_disk_is_reported()
    {
        var ended = new AttemptEnd
        {
            Attempt = 1,
            Status = Status.Done,
            Exit = new Exit { DroppedBytes = 70, DiskWasLow = true },
        };
        Assert.Contains(
            Pilog.Lines(new Jid(7), [new() { Ended = ended }]),
            line =>
                line.EndsWith(
                    "attempt 1 ran while its node's disk was nearly full: "
                        + "the oldest 70 bytes of its output were dropped"
                )
        );
    }

    [Property]
    public void Any_events_give_lines_of_one_form(JobEvent[] history) =>
        Assert.All(Pilog.Lines(new Jid(7), history), line => Assert.Matches(Form(), line));

    [Property]
    public void The_level_of_an_end_depends_on_its_status(AttemptEnd ended) =>
        Assert.Equal(
            ended.Status switch
            {
                Status.Queued => EventLevel.Warning,
                Status.Done => EventLevel.Info,
                _ => EventLevel.Error,
            },
            EventText.Of(new JobEvent { Ended = ended })!.Level
        );

    [Fact]
    public void The_events_of_a_job_give_lines_in_order()
    {
        JobEvent[] history =
        [
            new()
            {
                Submitted = new Submitted
                {
                    Owner = "ada",
                    IsMap = true,
                    SubmissionFirst = 5,
                    SubmissionLast = 9,
                    DependsOn =
                    {
                        new JidRange { First = 1, Last = 3 },
                    },
                },
            },
            new() { DependencySettled = new DependencySettled { Worst = Status.Done } },
            new()
            {
                Assigned = new Assigned { Attempt = 1, Node = "n1" },
            },
            new()
            {
                Started = new AttemptStart { Attempt = 1, Pid = 123 },
            },
            new()
            {
                Ended = new AttemptEnd
                {
                    Attempt = 1,
                    Status = Status.Queued,
                    Reason = new Reason { Code = ReasonCode.Exit, Number = 3 },
                    EndedAt = Generators.Now,
                    NotBefore = Generators.Now + 5_000_000,
                },
            },
            new()
            {
                By = "bob",
                KillRequested = new KillRequested
                {
                    Reason = new Reason { Code = ReasonCode.KilledBy, Text = "bob" },
                },
            },
            new()
            {
                Ended = new AttemptEnd
                {
                    Attempt = 2,
                    Status = Status.Killed,
                    Reason = new Reason { Code = ReasonCode.KilledBy, Text = "bob" },
                    Usage = new Usage { MemoryFailures = 4 },
                    Exit = new Exit { DroppedBytes = 70, ProfileTrouble = "perf is missing" },
                },
            },
        ];
        foreach (var fact in history)
            fact.At = Generators.Now;
        var at = "[2026-11-22 15:04:05.123] - ";
        Assert.Equal(
            [
                at + "[INFO] - job 7: submitted by ada in the map 5-9; waits for 1-3",
                at + "[INFO] - job 7: its dependencies are done",
                at + "[INFO] - job 7: attempt 1 assigned to node n1",
                at + "[INFO] - job 7: attempt 1 started as process 123",
                at + "[WARNING] - job 7: attempt 1 failed and will be retried after 5 s: exit 3",
                at + "[WARNING] - job 7: is being killed: killed by bob",
                at + "[ERROR] - job 7: attempt 2 ended with status killed: killed by bob",
                at + "[WARNING] - job 7: attempt 2 hit its memory limit 4 times",
                at
                    + "[WARNING] - job 7: attempt 2 exceeded the output limit: "
                    + "the oldest 70 bytes of its output were dropped",
                at + "[WARNING] - job 7: attempt 2 has no profile: perf is missing",
            ],
            Pilog.Lines(new Jid(7), history)
        );
    }

    [Property]
    public void A_long_wait_in_the_queue_adds_a_line(int seconds)
    {
        var wait = Math.Abs(seconds % 100_000);
        JobEvent[] history =
        [
            new() { At = Generators.Now, Submitted = new Submitted() },
            new()
            {
                At = Generators.Now + wait * 1_000_000L + 1,
                Assigned = new Assigned { Attempt = 1, Node = "n1" },
            },
        ];

        var lines = Pilog.Lines(new Jid(7), history).ToArray();

        Assert.Equal(wait >= 1 ? 3 : 2, lines.Length);
        var words = JobCloud.Protocol.Text.Durations.Words(TimeSpan.FromSeconds(wait));
        if (wait >= 1)
            Assert.EndsWith($"[INFO] - job 7: was queued for {words}", lines[1]);
    }

    [Fact]
    public void Time_held_or_running_does_not_count_as_queued()
    {
        JobEvent[] history =
        [
            new()
            {
                Submitted = new Submitted
                {
                    DependsOn =
                    {
                        new JidRange { First = 1, Last = 1 },
                    },
                },
            },
            new() { DependencySettled = new DependencySettled { Worst = Status.Done } },
            new() { Assigned = new Assigned { Attempt = 1 } },
            new()
            {
                Ended = new AttemptEnd
                {
                    Attempt = 1,
                    Status = Status.Queued,
                    NotBefore = 60_000_000,
                },
            },
            new() { Assigned = new Assigned { Attempt = 2 } },
        ];
        long[] seconds = [0, 30, 30, 50, 63];
        for (var i = 0; i < history.Length; i++)
            history[i].At = seconds[i] * 1_000_000;

        var waits = Pilog.Lines(new Jid(7), history).Where(line => line.Contains("was queued"));

        Assert.EndsWith("was queued for 3 s", Assert.Single(waits));
    }

    [Fact]
    public void The_current_wait_reason_gives_a_line_of_the_same_form()
    {
        var line = Pilog.Waits(new Jid(7), "no node has 8 cores free", Generators.Now);

        Assert.Matches(Form(), line);
        Assert.EndsWith("job 7: waiting: no node has 8 cores free", line);
    }

    [GeneratedRegex(
        @"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] - \[(INFO|WARNING|ERROR)\] - \S.*$"
    )]
    private static partial Regex Form();
}
