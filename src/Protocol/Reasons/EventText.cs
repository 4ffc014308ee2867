using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Reasons;

/// <summary>The severity of an event.</summary>
public enum EventLevel
{
    Info,
    Warning,
    Error,
}

/// <summary>An event of a job, ready to be shown.</summary>
/// <param name="What">A stable name, such as <c>assigned</c>.</param>
/// <param name="When">The instant in µs.</param>
/// <param name="By">The requesting user; empty: JobCloud itself.</param>
/// <param name="Node">The node concerned; empty: none.</param>
/// <param name="Attempt">The attempt concerned; 0: none.</param>
/// <param name="Message">A short description, without a full stop.</param>
public sealed record EventLine(
    string What,
    long When,
    string By,
    string Node,
    int Attempt,
    EventLevel Level,
    string Message
);

/// <summary>Formats events of the journal.</summary>
public static class EventText
{
    /// <summary>Formats an event; null: it is internal and of no interest to users.</summary>
    public static EventLine? Of(JobEvent fact) =>
        fact.FactCase switch
        {
            JobEvent.FactOneofCase.Submitted => Submitted(fact),
            JobEvent.FactOneofCase.Voided => Line(
                fact,
                "voided",
                "the submission was never completed",
                EventLevel.Warning
            ),
            JobEvent.FactOneofCase.DependencySettled => Settled(fact),
            JobEvent.FactOneofCase.DependencyReopened => Line(
                fact,
                "dependency_reopened",
                $"dependency {fact.DependencyReopened.Dependency} was retried"
            ),
            JobEvent.FactOneofCase.Assigned => Line(
                fact,
                "assigned",
                $"attempt {fact.Assigned.Attempt} assigned to node {fact.Assigned.Node}",
                node: fact.Assigned.Node,
                attempt: fact.Assigned.Attempt
            ),
            JobEvent.FactOneofCase.Unassigned => Line(
                fact,
                "unassigned",
                $"attempt {fact.Unassigned.Attempt} withdrawn before it started",
                attempt: fact.Unassigned.Attempt
            ),
            JobEvent.FactOneofCase.Started => Line(
                fact,
                "started",
                $"attempt {fact.Started.Attempt} started as process {fact.Started.Pid}",
                attempt: fact.Started.Attempt
            ),
            JobEvent.FactOneofCase.Ended => Ended(fact),
            JobEvent.FactOneofCase.AttemptLost => Lost(fact),
            JobEvent.FactOneofCase.KillRequested => Line(
                fact,
                "kill_requested",
                Because("is being killed", fact.KillRequested.Reason),
                EventLevel.Warning
            ),
            JobEvent.FactOneofCase.KillOutlived => Line(
                fact,
                "kill_outlived",
                fact.KillOutlived.Why,
                EventLevel.Error,
                attempt: fact.KillOutlived.Attempt
            ),
            JobEvent.FactOneofCase.KilledUnstarted => Line(
                fact,
                "killed",
                Because("killed before it started", fact.KilledUnstarted.Reason),
                EventLevel.Error
            ),
            JobEvent.FactOneofCase.Retried => Line(
                fact,
                "retried",
                $"retried by {Who(fact.By)}: {StatusNames.Of(fact.Retried.Status)} again",
                EventLevel.Warning
            ),
            JobEvent.FactOneofCase.Deleted => Line(
                fact,
                fact.Deleted.Purged ? "purged" : "deleted",
                $"{(fact.Deleted.Purged ? "purged" : "deleted")} by {Who(fact.By)}"
            ),
            JobEvent.FactOneofCase.PriorityChanged => Line(
                fact,
                "priority_changed",
                $"priority set to {fact.PriorityChanged.Priority} by {Who(fact.By)}"
            ),
            JobEvent.FactOneofCase.TerminalOpened => Line(
                fact,
                "terminal_opened",
                $"{Who(fact.By)} opened {TerminalMessages.Of(fact.TerminalOpened)}",
                node: fact.TerminalOpened.Node,
                attempt: fact.TerminalOpened.Attempt
            ),
            JobEvent.FactOneofCase.TerminalClosed => Line(
                fact,
                "terminal_closed",
                $"terminal {fact.TerminalClosed.Id} of {Who(fact.By)} closed: {TerminalMessages.Of(fact.TerminalClosed)}",
                attempt: fact.TerminalClosed.Attempt
            ),
            JobEvent.FactOneofCase.HistoryCut => Line(
                fact,
                "history_cut",
                fact.HistoryCut.Kept
                    ? "earlier events are omitted: a reply contains only the newest"
                    : "earlier events were dropped: there were too many",
                EventLevel.Warning
            ),
            _ => null,
        };

    private static EventLine Submitted(JobEvent fact)
    {
        var submitted = fact.Submitted;
        var map = submitted.IsMap
            ? $" in the map {submitted.SubmissionFirst}-{submitted.SubmissionLast}"
            : "";
        var waits =
            submitted.DependsOn.Count > 0
                ? $"; waits for {JidNotation.Print(submitted.DependsOn)}"
                : "";
        var owner = submitted.Owner.Length > 0 ? submitted.Owner : fact.By;
        return Line(fact, "submitted", $"submitted by {Who(owner)}{map}{waits}");
    }

    private static EventLine Settled(JobEvent fact)
    {
        var settled = fact.DependencySettled;
        return settled.Worst == Status.Done
            ? Line(fact, "dependency_done", "its dependencies are done")
            : Line(
                fact,
                "dependency_failed",
                $"dependency {settled.Dependency} ended with status {StatusNames.Of(settled.Worst)}",
                EventLevel.Warning
            );
    }

    private static EventLine Ended(JobEvent fact)
    {
        var ended = fact.Ended;
        var again = ended.Status == Status.Queued;
        var when = ended.NotBefore > ended.EndedAt ? AfterPause(ended) : "";
        var message = again
            ? Because($"attempt {ended.Attempt} failed and will be retried{when}", ended.Reason)
            : Because(
                $"attempt {ended.Attempt} ended with status {StatusNames.Of(ended.Status)}",
                ended.Reason
            );
        var level =
            again ? EventLevel.Warning
            : ended.Status == Status.Done ? EventLevel.Info
            : EventLevel.Error;
        return Line(fact, again ? "failed" : "ended", message, level, attempt: ended.Attempt);
    }

    private static string AfterPause(AttemptEnd ended)
    {
        var pause = TimeSpan.FromMicroseconds(ended.NotBefore - ended.EndedAt);
        return $" after {Durations.Words(pause)}";
    }

    private static EventLine Lost(JobEvent fact)
    {
        var lost = fact.AttemptLost;
        var next =
            lost.Status == Status.Queued
                ? "lost; the job is restarted"
                : $"lost; the job ended with status {StatusNames.Of(lost.Status)}";
        return Line(
            fact,
            "lost",
            Because($"attempt {lost.Attempt} {next}", lost.Reason),
            lost.Status == Status.Queued ? EventLevel.Warning : EventLevel.Error,
            lost.Node,
            lost.Attempt
        );
    }

    private static string Because(string message, Reason? reason) =>
        ReasonText.For(reason) is { Length: > 0 } why ? $"{message}: {why}" : message;

    private static string Who(string user) => user.Length > 0 ? user : "JobCloud";

    private static EventLine Line(
        JobEvent fact,
        string what,
        string message,
        EventLevel level = EventLevel.Info,
        string node = "",
        int attempt = 0
    ) => new(what, fact.At, fact.By, node, attempt, level, message);
}
