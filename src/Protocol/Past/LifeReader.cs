using Google.Protobuf;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Past;

/// <summary>Reads when the jobs of a segment ran.</summary>
public static class LifeReader
{
    public static TimesRead Read(Segment segment, ReadTimes request)
    {
        var (read, statuses) = (new TimesRead(), new MemoryStream());
        foreach (var jid in JidRanges.Enumerate(request.Jobs))
        {
            var life = segment.Find(jid) is { IsDeleted: false } job ? Of(job) : default;
            statuses.WriteByte((byte)life.Status);
            read.Created.Add(life.Created);
            read.Started.Add(life.Started);
            read.Finished.Add(life.Finished);
        }
        read.Statuses = UnsafeByteOperations.UnsafeWrap(statuses.ToArray());
        return read;
    }

    /// <summary>The lives that a segment told; those of unknown and deleted jobs are left
    /// out.</summary>
    public static IEnumerable<JobLife> Lives(TimesRead read)
    {
        for (var i = 0; i < read.Statuses.Length; i++)
            if (read.Statuses[i] != 0)
                yield return new JobLife(
                    read.Created[i],
                    read.Started[i],
                    read.Finished[i],
                    (Status)read.Statuses[i]
                );
    }

    private static JobLife Of(Job job) =>
        new(
            job.Slice.Created,
            job.Phase switch
            {
                JobPhase.Processing processing => processing.Started,
                JobPhase.Ended ended => ended.Last?.Started ?? 0,
                _ => 0,
            },
            job.Phase is JobPhase.Ended end ? end.Finished : 0,
            job.Status
        );
}
