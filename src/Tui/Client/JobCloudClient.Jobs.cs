using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Client;

public sealed partial class JobCloudClient
{
    /// <summary>Submits one job, or a map of jobs. Files are read and sent along now.</summary>
    /// <param name="request">A <see cref="JobRequest"/>, or a <see cref="MapRequest"/>.</param>
    /// <param name="cancel">Ends the call; the jobs may have been submitted.</param>
    /// <exception cref="JobCloudException"><c>usage</c>: the request is wrong; <c>not-allowed</c>;
    /// <c>too-large</c>.</exception>
    public Task<SubmittedJobs> SubmitAsync(JobRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CallAsync(
            async () =>
            {
                using var files = new OutgoingFiles(
                    Environment.GetEnvironmentVariable,
                    static (_, _) => null
                );
                var submission = new RequestReader(Submitter, files).Read(request);
                submission.Place = SubmissionSender.PlaceOf(Submitter, _cloud);
                var reply = await SubmissionSender.SendAsync(_cloud, submission, files, cancel);
                return new SubmittedJobs(reply.First, reply.Last, TextOf(reply.NoNode));
            },
            cancel
        );
    }

    /// <summary>Waits until jobs have ended. It survives any restart of the node. Jobs that failed
    /// are counted, not thrown.</summary>
    /// <param name="jobs">The jobs, at least one.</param>
    /// <param name="options">How; null: until all have ended, without limit.</param>
    /// <param name="cancel">Ends the wait; the jobs go on.</param>
    /// <exception cref="JobCloudException"><c>timeout</c>; <c>unknown-job</c>.</exception>
    public Task<JobCounts> WaitAsync(
        JobSelection jobs,
        WaitOptions? options = null,
        CancellationToken cancel = default
    ) =>
        CallAsync(
            async () =>
            {
                var latest = new AwaitReply();
                var request = WaitFor(jobs, options?.StopsAtFailure ?? false);
                var error = await JobWaiter.EndAsync(
                    _cloud.ForWait(),
                    request,
                    options?.Timeout,
                    reply =>
                    {
                        latest = reply;
                        options?.Progress?.Report(CountsOf(reply));
                    },
                    cancel
                );
                return error is null || error.Kind == ErrorKinds.BadEnd
                    ? CountsOf(latest)
                    : throw new ClientErrorException(error);
            },
            cancel
        );

    /// <summary>Reads the status of jobs, in the order in which they are named.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="JobCloudException"><c>unknown-job</c>; <c>deleted-job</c>.</exception>
    public Task<IReadOnlyList<JobWithStatus>> GetStatusAsync(
        JobSelection jobs,
        CancellationToken cancel = default
    ) =>
        CallAsync<IReadOnlyList<JobWithStatus>>(
            async () =>
            {
                var runs = await RunsAsync(jobs.Parse(), cancel);
                return
                [
                    .. runs.SelectMany(static run =>
                        Enumerable
                            .Range(0, checked((int)run.Count))
                            .Select(i => new JobWithStatus(run.First + i, KindOf(run.Status)))
                    ),
                ];
            },
            cancel
        );

    /// <summary>Kills jobs that have not ended: SIGTERM, then SIGKILL.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="grace">The time between the two signals, in whole milliseconds, at least 1 ms;
    /// null: as the node is set.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task<JobChanges> KillAsync(
        JobSelection jobs,
        TimeSpan? grace = null,
        CancellationToken cancel = default
    ) =>
        ChangeAsync(
            (selection, options) =>
                _cloud.Api.KillAsync(
                    new() { Jobs = selection, GraceMs = (long)(grace?.TotalMilliseconds ?? 0) },
                    options
                ),
            jobs,
            cancel
        );

    /// <summary>Deletes the data of jobs that have ended.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="JobCloudException"><c>unfinished-job</c>: one has not ended, and nothing
    /// was deleted.</exception>
    public Task<JobChanges> DeleteAsync(JobSelection jobs, CancellationToken cancel = default) =>
        ChangeAsync(
            (selection, options) => _cloud.Api.DeleteAsync(new() { Jobs = selection }, options),
            jobs,
            cancel
        );

    /// <summary>Runs jobs again that ended otherwise than done.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task<JobChanges> RetryAsync(JobSelection jobs, CancellationToken cancel = default) =>
        ChangeAsync(
            (selection, options) => _cloud.Api.RetryAsync(new() { Jobs = selection }, options),
            jobs,
            cancel
        );

    private Task<JobChanges> ChangeAsync(
        Func<Selection, Grpc.Core.CallOptions, Grpc.Core.AsyncUnaryCall<ChangeReply>> change,
        JobSelection jobs,
        CancellationToken cancel
    ) =>
        CallAsync(
            async () =>
            {
                var reply = await change(jobs.Parse(), _cloud.UnaryOptions(cancel));
                return new JobChanges(reply.Selected, reply.Changed, TextOf(reply.Note));
            },
            cancel
        );

    private AwaitRequest WaitFor(JobSelection jobs, bool stopsAtFailure) =>
        new()
        {
            Jobs = jobs.Parse(),
            Mode = stopsAtFailure ? AwaitMode.FirstBad : AwaitMode.All,
            Inside = _inside,
        };

    private async Task<IReadOnlyList<StatusRun>> RunsAsync(
        Selection jobs,
        CancellationToken cancel
    ) => (await _cloud.Api.StatusAsync(new() { Jobs = jobs }, _cloud.UnaryOptions(cancel))).Runs;

    private static JobCounts CountsOf(AwaitReply reply)
    {
        return new(
            reply.Total,
            Count(Status.Waiting),
            Count(Status.Queued),
            Count(Status.Processing),
            Count(Status.Done),
            Count(Status.Error),
            Count(Status.Killed),
            Count(Status.Stalled)
        );

        long Count(Status status) => Protocol.Reasons.JobFailureText.Count(reply, status);
    }

    private static JobStatusKind KindOf(Status status) =>
        Enum.IsDefined((JobStatusKind)status) ? (JobStatusKind)status : JobStatusKind.Unknown;

    private static string? TextOf(string text) => text.Length > 0 ? text : null;
}
