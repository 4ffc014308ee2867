using System.Globalization;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Says what a forecast tells, and what it rests on.</summary>
public static class ForecastText
{
    /// <summary>Why there is no forecast.</summary>
    public const string TooLarge =
        "There is no forecast: too many different jobs are queued or running.";

    /// <summary>When the queue is empty.</summary>
    /// <param name="time">Prints an instant.</param>
    public static string Summary(ForecastReply reply, Func<long, string> time) =>
        reply switch
        {
            { Lacking.Length: > 0 } => reply.Lacking,
            { Queued: 0 } => "No job is queued.",
            { EmptyAt: > 0, EndsAt: > 0 } => $"The queue is empty at about {time(reply.EmptyAt)}; "
                + $"the last job ends at about {time(reply.EndsAt)}.",
            { EmptyAt: > 0 } => $"The queue is empty at about {time(reply.EmptyAt)}; "
                + "when the last job ends is not known.",
            { Cut: true } => Text(
                $"{reply.Unforeseen:N0} of {Queued(reply)} start later than the forecast looks ahead."
            ),
            _ => Text(
                $"The start of {reply.Unforeseen:N0} of {Queued(reply)} is not known: no node "
            ) + "can run them now, or they wait for jobs whose end is not known.",
        };

    /// <summary>What the forecast rests on; empty: there is none.</summary>
    public static string Basis(ForecastReply reply)
    {
        if (reply.Lacking.Length > 0 || reply.Queued == 0)
            return "";
        var sentences = new List<string>
        {
            reply.Samples == 0
                ? "No done job tells how long these jobs run."
                : Text($"It rests on the runtimes of {Count(reply.Samples, "done job")}."),
        };
        if (reply.UnknownQueued > 0)
            sentences.Add(
                Text($"{reply.UnknownQueued:N0} of {Queued(reply)} ")
                    + (reply.UnknownQueued == 1 ? "has" : "have")
                    + " no known runtime."
            );
        if (reply.UnknownRunning > 0)
            sentences.Add(
                Text($"The end of {Count(reply.UnknownRunning, "running job")} is not known.")
            );
        if (reply.Waiting > 0)
            sentences.Add(
                $"{Count(reply.Waiting, "job")} "
                    + (
                        reply.Waiting == 1
                            ? "that waits for others is left out."
                            : "that wait for others are left out."
                    )
            );
        sentences.Add("Failures, retries and later submissions are not foreseen.");
        return string.Join(' ', sentences);
    }

    /// <summary>What an expected runtime comes from.</summary>
    public static string Basis(ForecastJobs jobs) =>
        jobs.Basis switch
        {
            RuntimeBasis.Map => $"{Count(jobs.Samples, "element")} of its map",
            RuntimeBasis.Label => $"{Count(jobs.Samples, "job")} with its label",
            RuntimeBasis.Command => $"{Count(jobs.Samples, "job")} with its command",
            _ => "",
        };

    private static string Queued(ForecastReply reply) => Count(reply.Queued, "queued job");

    private static string Count(long number, string of) =>
        Text($"{number:N0} {of}{(number == 1 ? "" : "s")}");

    private static string Text(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
