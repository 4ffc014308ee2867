using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>How a line of a batch depends on the lines before it.</summary>
/// <param name="Kind">Consecutive lines of one kind can be carried out together, except
/// changes.</param>
/// <param name="Named">The highest jid that a submission depends on; 0: none;
/// <see cref="long.MaxValue"/>: jobs that only the cloud can name, such as <c>last</c>.</param>
internal readonly record struct BatchStep(BatchStep.Kinds Kind, long Named)
{
    internal enum Kinds
    {
        /// <summary>No line yet, or one that is wrong.</summary>
        None,
        Submission,
        Read,
        Change,
    }

    public static BatchStep Of(BatchLine line) =>
        line.Request?.Message switch
        {
            null => default,
            SubmitRequest request => new(Kinds.Submission, HighestOf(request.Dependencies)),
            StatusRequest or InfoRequest or ListRequest => new(Kinds.Read, 0),
            _ => new(Kinds.Change, 0),
        };

    /// <summary>Whether this line waits for the answers to all lines before it.</summary>
    /// <param name="before">The line before it.</param>
    /// <param name="highest">The highest jid of the submissions that were answered.</param>
    public bool Waits(BatchStep before, long highest) =>
        Kind != Kinds.None
        && before.Kind != Kinds.None
        && (Kind != before.Kind || Kind == Kinds.Change || Named > highest);

    private static long HighestOf(Selection? jobs)
    {
        var highest = 0L;
        foreach (var item in jobs?.Items ?? [])
            highest = Math.Max(highest, item.Range?.Last ?? long.MaxValue);
        return highest;
    }
}
