using System.Text.RegularExpressions;
using FsCheck.Xunit;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Reasons;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Reasons;

[Properties(Arbitrary = [typeof(Generators), typeof(JobGenerators)])]
public sealed partial class PilogTests
{
    [Property]
    public void Any_history_is_lines_of_one_form(JobEvent[] history) =>
        Assert.All(Pilog.Lines(7, history), line => Assert.Matches(Form(), line));

    [Property]
    public void A_fact_of_a_bad_end_is_an_error(Ended ended) =>
        Assert.Equal(
            ended.Status switch
            {
                Status.Queued => Level.Warning,
                Status.Done => Level.Info,
                _ => Level.Error,
            },
            EventText.Of(new JobEvent { Ended = ended })!.Level
        );

    [Fact]
    public void A_life_is_told_in_order()
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
                Started = new Started { Attempt = 1, Pid = 123 },
            },
            new()
            {
                Ended = new Ended
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
                Ended = new Ended
                {
                    Attempt = 2,
                    Status = Status.Killed,
                    Reason = new Reason { Code = ReasonCode.KilledBy, Text = "bob" },
                    Usage = new Usage { MemoryFailures = 4 },
                },
            },
        ];
        foreach (var fact in history)
            fact.At = Generators.Now;
        var at = "[2026-11-22 15:04:05.123] - ";
        Assert.Equal(
            [
                at + "[INFO] - job 7: submitted by ada in the map 5-9; waits for 1-3",
                at + "[INFO] - job 7: what it waits for ended done",
                at + "[INFO] - job 7: attempt 1 goes to node n1",
                at + "[INFO] - job 7: attempt 1 runs as process 123",
                at + "[WARNING] - job 7: attempt 1 failed and is tried again after 5 s: exit 3",
                at + "[WARNING] - job 7: is being killed: killed by bob",
                at + "[ERROR] - job 7: attempt 2 ended killed: killed by bob",
                at + "[WARNING] - job 7: attempt 2 hit its memory limit 4 times",
            ],
            Pilog.Lines(7, history)
        );
    }

    [GeneratedRegex(
        @"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] - \[(INFO|WARNING|ERROR)\] - \S.*$"
    )]
    private static partial Regex Form();
}
