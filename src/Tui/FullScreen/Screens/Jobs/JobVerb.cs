using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>A change of jobs that is confirmed first.</summary>
/// <param name="Name">The name of the command.</param>
/// <param name="Statuses">The statuses of the jobs that it changes.</param>
internal sealed record JobVerb(
    string Name,
    string Participle,
    IReadOnlyList<Status> Statuses,
    Func<Selection, CallRequest<ChangeReply>> Request
)
{
    public static JobVerb Kill { get; } =
        new(
            "kill",
            "killed",
            [Status.Waiting, Status.Queued, Status.Processing],
            jobs => CloudCalls.Kill.With(new() { Jobs = jobs })
        );

    public static JobVerb Delete { get; } =
        new(
            "delete",
            "deleted",
            [Status.Done, Status.Error, Status.Killed, Status.Stalled],
            jobs => CloudCalls.Delete.With(new() { Jobs = jobs })
        );

    public static JobVerb Retry { get; } =
        new(
            "retry",
            "retried",
            [Status.Error, Status.Killed, Status.Stalled],
            jobs => CloudCalls.Retry.With(new() { Jobs = jobs })
        );

    /// <summary>The name with a capital letter, as on a button.</summary>
    public string Label => char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>The number of a row's jobs that it changes.</summary>
    public long Count(JobRow row)
    {
        var count = 0L;
        foreach (var status in Statuses)
            count += Protocol.Rows.RowField.Statuses.Count(row, status);
        return count;
    }

    public bool Changes(JobRow row) => Count(row) > 0;
}
