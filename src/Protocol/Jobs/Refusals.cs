using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Jobs;

/// <summary>Common refusals about one job.</summary>
public static class Refusals
{
    public static Refusal Unknown(Jid jid) =>
        Of(RefusalCode.UnknownJob, jid, $"There is no job {jid}.");

    /// <param name="by">The user who purged it; empty: that is not known.</param>
    public static Refusal Deleted(Jid jid, Removal how = Removal.Deleted, string by = "") =>
        Of(RefusalCode.DeletedJob, jid, $"{Removed(jid, how, by)}.");

    /// <summary>A sentence without its full stop: <c>Job 7 was deleted</c>.</summary>
    public static string Removed(Jid jid, Removal how, string by) =>
        how switch
        {
            Removal.Purged when by.Length > 0 => $"Job {jid} was purged by {by}",
            Removal.Purged => $"Job {jid} was purged",
            Removal.Expired => $"Job {jid} was purged by retention (jobcloud.retention)",
            _ => $"Job {jid} was deleted",
        };

    /// <summary>The refusal of a range in which every job was deleted.</summary>
    public static Refusal Deleted(JidRange range) =>
        Of(
            RefusalCode.DeletedJob,
            new Jid(range.First),
            $"Jobs {JidNotation.Print(range)} were deleted."
        );

    public static Refusal NotAllowed(Jid jid) =>
        Of(RefusalCode.NotAllowed, jid, $"Job {jid} belongs to another user.");

    public static Refusal Unfinished(Jid jid, Status status) =>
        Of(
            RefusalCode.UnfinishedJob,
            jid,
            $"Job {jid} is {StatusNames.Of(status)}: only finished jobs can be deleted. Kill it first or wait until it finishes."
        );

    /// <summary>A refusal that concerns no single job.</summary>
    public static Refusal Of(RefusalCode code, string message) => Of(code, default(Jid), message);

    public static Refusal Of(RefusalCode code, Jid jid, string message) =>
        new()
        {
            Code = code,
            Jid = jid,
            Message = message,
        };
}
