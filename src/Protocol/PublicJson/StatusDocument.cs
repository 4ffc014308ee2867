using System.Text.Json.Serialization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The statuses of jobs, in the requested order.</summary>
/// <param name="Jobs">A job, or the requested jobs of a map.</param>
public sealed record StatusDocument(IEnumerable<JobStatus> Jobs) : PublicDocument
{
    public static StatusDocument Of(StatusReply reply) =>
        new(
            reply.Rows.Count > 0
                ? reply.Rows.SelectMany(JobStatus.Of)
                : reply.Runs.SelectMany(JobStatus.Of)
        );
}

/// <summary>The status of a job, or of several jobs of a map.</summary>
/// <param name="Jid">The jid of the job; of a map, the first one.</param>
/// <param name="Status">The status of the job. Of a map, the first of processing, queued, waiting,
/// error, killed, stalled, done that any of its jobs has.</param>
public sealed record JobStatus(long Jid, [property: Form(JsonForm.Status)] string Status)
{
    /// <summary>The first jid, of a map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? First { get; init; }

    /// <summary>The last jid, of a map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Last { get; init; }

    /// <summary>The number of jobs in each status, of a map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatusCounts? Counts { get; init; }

    /// <summary>Each job of a run.</summary>
    public static IEnumerable<JobStatus> Of(StatusRun run)
    {
        var status = StatusNames.Of(run.Status);
        for (var i = 0L; i < run.Count; i++)
            yield return new JobStatus(run.First + i, status);
    }

    /// <summary>One object for a map, else one for each job.</summary>
    public static IEnumerable<JobStatus> Of(StatusRow row)
    {
        var status = StatusCounts.Summary(row.Counts) ?? StatusNames.Of(0);
        if (row.IsMap && row.First < row.Last)
        {
            yield return new JobStatus(row.First, status)
            {
                First = row.First,
                Last = row.Last,
                Counts = StatusCounts.Of(row.Counts),
            };
            yield break;
        }
        for (var jid = row.First; jid <= row.Last; jid++)
            yield return new JobStatus(jid, status);
    }
}
