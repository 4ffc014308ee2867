using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Jobs;

/// <summary>Common refusals about one job.</summary>
public static class Refusals
{
    public static Refusal Unknown(long jid) =>
        Of(RefusalCode.UnknownJob, jid, $"There is no job {jid}.");

    public static Refusal Deleted(long jid) =>
        Of(RefusalCode.DeletedJob, jid, $"Job {jid} was deleted.");

    public static Refusal NotAllowed(long jid) =>
        Of(RefusalCode.NotAllowed, jid, $"Job {jid} belongs to another user.");

    public static Refusal Unfinished(long jid, Status status) =>
        Of(
            RefusalCode.UnfinishedJob,
            jid,
            $"Job {jid} is {StatusWords.Of(status)}: only finished jobs can be deleted. Kill it first or wait until it finishes."
        );

    public static Refusal Of(RefusalCode code, long jid, string message) =>
        new()
        {
            Code = code,
            Jid = jid,
            Message = message,
        };
}
