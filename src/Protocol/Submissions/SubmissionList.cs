using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The rules of submissions that are committed together.</summary>
public static class SubmissionList
{
    /// <summary>Maximum number of submissions in one list.</summary>
    public const int Most = 1_000;

    /// <summary>A message about one submission of a list.</summary>
    public static string At(int index, string message) => $"Submission {index + 1}: {message}";

    /// <summary>A refusal, with the place of its submission.</summary>
    public static Refusal At(int index, Refusal refusal)
    {
        var placed = refusal.Clone();
        placed.Message = At(index, refusal.Message);
        return placed;
    }

    /// <summary>Why a list is refused before its submissions are looked at; null: it is
    /// not.</summary>
    public static Refusal? Check(SubmitListRequest list, SubmissionLimits limits)
    {
        if (list.Submissions.Count is 0 or > Most)
            return Refusals.Of(
                RefusalCode.Usage,
                $"A list has 1 to {Most} submissions; send more in several requests."
            );
        for (var i = 0; i < list.Submissions.Count; i++)
            if (ProblemOf(list.Submissions[i]) is { } problem)
                return Refusals.Of(RefusalCode.Usage, At(i, problem));
        return AttributeCheck.Name("request id", list.RequestId, limits).FirstOrDefault();
    }

    /// <summary>Why a submission is refused in a list; null: it is not.</summary>
    public static string? ProblemOf(SubmitRequest submission)
    {
        if (submission.DryRun)
            return "A list takes no 'dry_run'; check its submissions one by one.";
        if (submission.Series.Length > 0)
            return "The submissions of a list are of no series; they are in order anyway.";
        if (submission.RequestId.Length > 0)
            return "A list has one request id for all of it, not one for each submission; over HTTP, send the header Idempotency-Key.";
        foreach (var item in submission.Dependencies?.Items ?? [])
            if (
                item.ItemCase
                is not (SelectionItem.ItemOneofCase.Range or SelectionItem.ItemOneofCase.MapOf)
            )
                return "In a list, 'depends_on' takes the jids of existing jobs, not keywords or labels.";
        return null;
    }

    /// <summary>Why a list is too large for one commit; null: it is not.</summary>
    /// <param name="bytes">Of all its submissions, as they are committed.</param>
    public static Refusal? CheckSize(long bytes, SubmissionLimits limits) =>
        bytes <= limits.FileBytes
            ? null
            : Refusals.Of(
                RefusalCode.TooLarge,
                $"The submissions of the list have {Sizes.Print(bytes)} together, with the definitions of their environments, more than {Sizes.Print(limits.FileBytes)} (jobcloud.limits.max-submission-size); send them in several requests."
            );

    /// <summary>The jids of each submission; null: there are not as many jobs. Then the request id
    /// belongs to another request, or some of its jobs are deleted.</summary>
    /// <param name="noNodes">Why no node can run each submission now; empty: one can.</param>
    public static SubmitListReply? Reply(
        SubmitListRequest list,
        long first,
        long last,
        IReadOnlyList<string> noNodes
    )
    {
        var reply = new SubmitListReply();
        var next = first;
        for (var i = 0; i < list.Submissions.Count; i++)
        {
            var count = Math.Max(1, list.Submissions[i].Count);
            reply.Replies.Add(
                new SubmitReply
                {
                    First = next,
                    Last = next + count - 1,
                    NoNode = noNodes[i],
                }
            );
            next += count;
        }
        return next - 1 == last ? reply : null;
    }

    /// <summary>The refusal of a request id whose jobs are not those of this list.</summary>
    public static Refusal OfAnother(string requestId) =>
        Refusals.Of(
            RefusalCode.Usage,
            $"The request id {requestId} belongs to other submissions, or some of its jobs are deleted; nothing was submitted. Use a new one."
        );
}
