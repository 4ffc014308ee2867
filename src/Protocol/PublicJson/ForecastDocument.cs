using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.PublicJson;

/// <summary>When and where queued jobs are expected to start.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Queued">The number of queued jobs.</param>
/// <param name="Unforeseen">The number of those whose start is not known.</param>
/// <param name="UnknownRuntime">The number of those whose runtime is not known.</param>
/// <param name="UnknownRunning">The number of running jobs whose end is not known.</param>
/// <param name="Waiting">The number of jobs that wait for others, which are left out.</param>
/// <param name="Samples">The number of done jobs whose runtimes it rests on.</param>
/// <param name="Cut">Whether a limit was reached, so that later starts are not known.</param>
/// <param name="QueueEmpty">When the last queued job starts.</param>
/// <param name="LastEnd">When the last job ends.</param>
/// <param name="Lacking">Why there is no forecast.</param>
/// <param name="Jobs">The queued jobs of each submission.</param>
/// <param name="Bars">What each node runs, and is expected to run.</param>
public sealed record ForecastDocument(
    [property: Form(JsonForm.Instant)] string? At,
    long Queued,
    long Unforeseen,
    long UnknownRuntime,
    long UnknownRunning,
    long Waiting,
    long Samples,
    bool Cut,
    [property: Form(JsonForm.Instant)] string? QueueEmpty,
    [property: Form(JsonForm.Instant)] string? LastEnd,
    string? Lacking,
    IEnumerable<PublicExpectedJobs> Jobs,
    IEnumerable<PublicForecastBar> Bars
) : PublicDocument
{
    public static ForecastDocument Of(ForecastReply reply) =>
        new(
            PublicValues.Instant(reply.At),
            reply.Queued,
            reply.Unforeseen,
            reply.UnknownQueued,
            reply.UnknownRunning,
            reply.Waiting,
            reply.Samples,
            reply.Cut,
            PublicValues.Instant(reply.EmptyAt),
            PublicValues.Instant(reply.EndsAt),
            PublicValues.Text(reply.Lacking),
            reply.Jobs.Select(PublicExpectedJobs.Of),
            reply.Bars.Select(PublicForecastBar.Of)
        );
}

/// <summary>The queued jobs of a submission.</summary>
/// <param name="Jids">The job or the map.</param>
/// <param name="Queued">The number of its queued jobs.</param>
/// <param name="Unforeseen">The number of those whose start is not known.</param>
/// <param name="StartsFrom">When the first of them starts.</param>
/// <param name="StartsUntil">When the last of those starts whose start is known.</param>
/// <param name="Ends">When the last of those ends whose end is known.</param>
/// <param name="Runtime">The seconds that each is expected to run.</param>
/// <param name="Basis">What the runtime comes from: done jobs of the same map, label or
/// command.</param>
/// <param name="Samples">The number of done jobs that it is the median of.</param>
/// <param name="Label">The label.</param>
/// <param name="Command">The command.</param>
public sealed record PublicExpectedJobs(
    [property: Form(JsonForm.Jids)] string Jids,
    long Queued,
    long Unforeseen,
    [property: Form(JsonForm.Instant)] string? StartsFrom,
    [property: Form(JsonForm.Instant)] string? StartsUntil,
    [property: Form(JsonForm.Instant)] string? Ends,
    double? Runtime,
    string? Basis,
    int Samples,
    string? Label,
    string? Command
)
{
    public static PublicExpectedJobs Of(ForecastJobs jobs) =>
        new(
            JidNotation.Print(JidRanges.Range(jobs.First, jobs.Last)),
            jobs.Jobs,
            jobs.Unforeseen,
            PublicValues.Instant(jobs.StartsFrom),
            PublicValues.Instant(jobs.StartsUntil),
            PublicValues.Instant(jobs.EndsAt),
            jobs.RuntimeUs > 0 ? jobs.RuntimeUs / 1e6 : null,
            jobs.Basis == RuntimeBasis.Unknown ? null : jobs.Basis.ToString().ToLowerInvariant(),
            jobs.Samples,
            PublicValues.Text(jobs.Label),
            PublicValues.Text(jobs.Command)
        );
}

/// <summary>Jobs of a submission that run on a node one after another or side by side.</summary>
/// <param name="Node">The node.</param>
/// <param name="Jids">From the lowest to the highest jid; absent: of another user.</param>
/// <param name="Jobs">Their number.</param>
/// <param name="From">When the first starts.</param>
/// <param name="To">When the last ends; absent: not known.</param>
/// <param name="Running">Whether they run now.</param>
public sealed record PublicForecastBar(
    string Node,
    [property: Form(JsonForm.Jids)] string? Jids,
    long Jobs,
    [property: Form(JsonForm.Instant)] string? From,
    [property: Form(JsonForm.Instant)] string? To,
    bool Running
)
{
    public static PublicForecastBar Of(ForecastBar bar) =>
        new(
            bar.Node,
            bar.First > 0 ? JidNotation.Print(JidRanges.Range(bar.First, bar.Last)) : null,
            bar.Jobs,
            PublicValues.Instant(bar.From),
            PublicValues.Instant(bar.To),
            bar.Running
        );
}
