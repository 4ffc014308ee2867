using System.Text.Json.Serialization;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The number of jobs in each status; a status that no job has is left out.</summary>
public sealed record StatusCounts
{
    // The status of several jobs is the first of these that any of them has.
    private static readonly Status[] Summarizing =
    [
        Status.Processing,
        Status.Queued,
        Status.Waiting,
        Status.Error,
        Status.Killed,
        Status.Stalled,
        Status.Done,
    ];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Waiting { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Queued { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Processing { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Done { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Killed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Stalled { get; init; }

    /// <param name="counts">By status number.</param>
    public static StatusCounts Of(IReadOnlyList<long> counts)
    {
        return new StatusCounts
        {
            Waiting = Count(Status.Waiting),
            Queued = Count(Status.Queued),
            Processing = Count(Status.Processing),
            Done = Count(Status.Done),
            Error = Count(Status.Error),
            Killed = Count(Status.Killed),
            Stalled = Count(Status.Stalled),
        };

        long? Count(Status status) =>
            (int)status < counts.Count && counts[(int)status] is > 0 and var count ? count : null;
    }

    /// <summary>The one status of several jobs: what the first of them still does, else the worst
    /// end; null: there are no jobs.</summary>
    /// <param name="counts">By status number.</param>
    public static string? Summary(IReadOnlyList<long> counts)
    {
        foreach (var status in Summarizing)
            if ((int)status < counts.Count && counts[(int)status] > 0)
                return StatusNames.Of(status);
        return null;
    }
}
