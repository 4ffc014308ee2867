using Google.Protobuf;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Turns random acts into valid stories.</summary>
internal static class Stories
{
    public static JobStory Of(IEnumerable<Act> acts)
    {
        var story = new JobStory();
        foreach (var act in acts)
            Play(story, act);
        return story;
    }

    public static bool IsSubmission(Act act) => act.Kind <= 2;

    public static bool IsRetry(Act act) => act.Kind == 9;

    /// <summary>Plays an act; false if the story has no job for it.</summary>
    public static bool Play(JobStory story, Act act)
    {
        if (IsSubmission(act))
        {
            if (story.Segment.Highest < 1_000)
                Submit(story, act);
            return true;
        }
        var jid = Math.Min(act.Target, story.Segment.Highest);
        if (jid < 1)
            return false;
        var attempt = story[jid].Attempt;
        switch (act.Kind)
        {
            case 3 or 4:
                story.Assign(jid, act.Chance < 7 ? "n1" : "n2");
                break;
            case 5:
                story.Started(jid, attempt);
                break;
            case 6:
                story.Ended(jid, ExitOf(act), attempt);
                break;
            case 7:
                story.Change(Change.Kill, jid);
                break;
            case 8:
                story.Change(Change.Delete, jid);
                break;
            case 9:
                story.Change(Change.Retry, jid);
                break;
            case 10:
                story.Change(Change.Priority, jid);
                break;
            case 11:
                story.Do(b =>
                    Decide.LoseNode(b, act.Chance < 5 ? "n1" : "n2", act.Chance % 2 == 0)
                );
                break;
            case 12:
                story.Report(
                    new AttemptReport
                    {
                        Jid = jid,
                        Attempt = attempt,
                        NeverStarted = new NeverStarted(),
                    }
                );
                break;
            case 13:
                story.Terminal(
                    new TerminalReport
                    {
                        Jid = jid,
                        Opened = new TerminalOpened { Attempt = attempt, Id = $"{act.Chance}" },
                    }
                );
                break;
            case 14:
                story.Terminal(
                    new TerminalReport
                    {
                        Jid = jid,
                        Closed = new TerminalClosed { Attempt = attempt, Id = $"{act.Chance}" },
                    }
                );
                break;
            case 15:
                story.Report(
                    new AttemptReport
                    {
                        Jid = jid,
                        Attempt = attempt,
                        KillOutlived = new KillOutlived { Why = $"process {act.Chance} lives" },
                    }
                );
                break;
            default:
                story.Report(
                    new AttemptReport
                    {
                        Jid = jid,
                        Attempt = attempt,
                        Unknown = new UnknownAttempt { Since = act.Chance < 5 ? 0 : long.MaxValue },
                    }
                );
                break;
        }
        return true;
    }

    public static IEnumerable<Job> All(Segment segment)
    {
        for (var jid = segment.First; jid <= segment.Highest; jid++)
            yield return segment.Find(new Jid(jid))!;
    }

    public static IReadOnlyList<string> Shown(Segment segment) =>
        [
            .. All(segment)
                .Select(j => JsonFormatter.Default.Format(JobViews.Detail(j)) + j.Phase.GetType()),
        ];

    private static void Submit(JobStory story, Act act)
    {
        var highest = story.Segment.Highest;
        story.Submit(
            act.Kind == 0 ? 1 + act.Chance : 1,
            spec =>
            {
                spec.NotRestartable = act.Chance % 4 == 1;
                spec.Retries = act.Chance % 3;
                spec.RetryBackoffMs = act.Chance % 2 * 100;
                spec.IgnoreExitStatus = act.Chance == 7;
                spec.DependsOnErrors = (DependencyPolicy)(act.Chance % 2);
                if (act.Kind == 2 && highest > 0)
                    spec.DependsOn.Add(
                        new JidRange
                        {
                            First = Math.Max(1, Math.Min(act.Target, highest) - 2),
                            Last = Math.Min(act.Target, highest),
                        }
                    );
            },
            act.Kind == 0
        );
    }

    private static Exit ExitOf(Act act) =>
        act.Chance switch
        {
            < 5 => new Exit(),
            5 => new Exit { Code = 3 },
            6 => new Exit { Signal = 11 },
            7 => new Exit { OverMaxRuntime = true, Signal = 15 },
            8 => new Exit { NotStarted = "no such program" },
            _ => new Exit { ResultTrouble = "no such file" },
        };
}

/// <summary>A minimal scheduler's view: the queued jobs and the active attempts.</summary>
internal sealed class SchedulerBook
{
    private readonly SortedDictionary<long, string> _queued = [];
    private readonly SortedDictionary<long, string> _active = [];

    public void Fold(SegmentUpdate update)
    {
        if (update.Full)
        {
            _queued.Clear();
            _active.Clear();
        }
        foreach (var ended in update.Ended)
            _active.Remove(ended.Jid);
        foreach (var range in update.Withdrawn)
            for (var jid = range.First; jid <= range.Last; jid++)
                _queued.Remove(jid);
        foreach (var range in update.Runnable)
            for (var jid = range.First; jid < range.First + range.Count; jid++)
                _queued[jid] =
                    $"{range.Priority} {range.NotBefore} {range.Restarted} {range.AvoidNode}";
        foreach (var attempt in update.Active)
        {
            _queued.Remove(attempt.Jid);
            _active[attempt.Jid] = $"{attempt.Node} {attempt.Attempt}";
        }
    }

    public override string ToString() => string.Join('\n', _queued.Concat(_active));
}
