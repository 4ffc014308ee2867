using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client;

public sealed partial class JobCloudClient
{
    /// <summary>Reads details of jobs, live while they run, in the order in which they are
    /// named.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="items">Names of items and groups of the reference, such as <c>runtime</c>,
    /// <c>cputime.user</c> or <c>all</c>; null: the default ones.</param>
    /// <param name="cancel">Ends the call.</param>
    public IAsyncEnumerable<JobInfo> GetInfoAsync(
        JobSelection jobs,
        IEnumerable<string>? items = null,
        CancellationToken cancel = default
    ) => EachAsync(ended => InfoAsync(jobs, items ?? [], ended), cancel);

    /// <summary>Waits until jobs have ended, and reads what each returned, in the order in which
    /// they are named. Each result is in memory as a whole; <see cref="OpenOutputAsync"/> reads one
    /// in parts.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="options">How; null: without limit, and failing with the first job that
    /// fails.</param>
    /// <param name="cancel">Ends the wait; the jobs go on.</param>
    /// <exception cref="JobCloudException"><c>bad-end</c>: a job failed; <c>torn-result</c>: a part
    /// of a result was not kept; <c>timeout</c>.</exception>
    public IAsyncEnumerable<JobResult> GetResultsAsync(
        JobSelection jobs,
        ResultOptions? options = null,
        CancellationToken cancel = default
    ) => EachAsync(ended => ResultsAsync(jobs, options ?? new(), ended), cancel);

    /// <summary>Waits until a job has ended, and reads what it returned.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="timeout">The longest wait; null: no limit.</param>
    /// <param name="cancel">Ends the wait; the job continues.</param>
    /// <exception cref="JobCloudException"><c>bad-end</c>: the job failed; <c>torn-result</c>: a
    /// part of the result was not kept; <c>timeout</c>.</exception>
    public async Task<byte[]> GetResultAsync(
        long jid,
        TimeSpan? timeout = null,
        CancellationToken cancel = default
    )
    {
        var results = GetResultsAsync(jid, new ResultOptions { Timeout = timeout }, cancel);
        await foreach (var result in results.ConfigureAwait(false))
            return result.Content!;
        throw new InvalidOperationException("A job has one result.");
    }

    /// <summary>Opens the output of a job. Errors come from the stream when it is read.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="options">Which output; null: the standard output of the newest attempt, as far
    /// as there is any.</param>
    /// <param name="cancel">Ends the transfer, as disposing of the stream does.</param>
    public Task<JobOutputStream> OpenOutputAsync(
        long jid,
        JobOutputOptions? options = null,
        CancellationToken cancel = default
    )
    {
        options ??= new JobOutputOptions();
        var request = new OutputRequest
        {
            Jid = jid,
            Stream = (Protocol.OutputStream)options.Stream,
            Follow = options.Follow,
            Attempt = options.Attempt ?? 0,
            TailLines = options.TailLines ?? 0,
            Offset = options.Offset,
        };
        return Task.FromResult(
            new JobOutputStream(
                _endpoint,
                (target, at, notes, ended) => CopyAsync(request, target, at, notes, ended),
                cancel
            )
        );
    }

    /// <summary>Reads what happened to jobs, newest last.</summary>
    /// <param name="options">Which events; null: all that are kept.</param>
    /// <param name="cancel">Ends the stream.</param>
    public IAsyncEnumerable<CloudEvent> GetEventsAsync(
        EventOptions? options = null,
        CancellationToken cancel = default
    ) => EachAsync(ended => EventsAsync(options ?? new(), ended), cancel);

    private async IAsyncEnumerable<JobInfo> InfoAsync(
        JobSelection jobs,
        IEnumerable<string> names,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var selection = InfoSelection.Parse(names);
        if (!selection.Ok)
            throw new ClientErrorException(ClientError.Usage(selection.Error.Message));
        var items = selection.Value.Items;
        var request = new InfoRequest { Jobs = jobs.Parse() };
        request.Items.Add(items.Select(item => item.Name));
        var replies = _cloud.RepliesAsync(options => _cloud.Api.Info(request, options), cancel);
        await foreach (var job in replies)
            yield return new JobInfo(job.Jid, KindOf(job.Status), JsonOf(job, items));
    }

    private JsonElement JsonOf(JobDetail job, IReadOnlyList<InfoItem> items)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var now = TimeProvider.System.NowMicroseconds() + _cloud.ClockAhead;
        using (var json = new Utf8JsonWriter(bytes))
            InfoJson.Write(json, items, job, now);
        var reader = new Utf8JsonReader(bytes.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private async IAsyncEnumerable<JobResult> ResultsAsync(
        JobSelection jobs,
        ResultOptions options,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var request = WaitFor(jobs, stopsAtFailure: !options.IgnoreErrors);
        var cloud = _cloud.ForWait();
        var error = await JobWaiter.EndAsync(cloud, request, options.Timeout, null, cancel);
        if (error is not null && !(options.IgnoreErrors && error.Kind == ErrorKinds.BadEnd))
            throw new ClientErrorException(error);
        var runs = await RunsAsync(request.Jobs, cancel);
        await foreach (var result in JobResults.ReadAsync(_cloud, runs, cancel))
        {
            if (result.Dropped > 0 && !options.IgnoreErrors)
                throw JobResults.Torn(result);
            yield return new JobResult(
                result.Jid,
                KindOf(result.Status),
                result.Content,
                result.Failure,
                result.Dropped
            );
        }
    }

    private async Task CopyAsync(
        OutputRequest request,
        IOutputTarget target,
        JobOutput.Position at,
        TextWriter notes,
        CancellationToken cancel
    )
    {
        var cloud = request.Follow ? _cloud.ForWait() : _cloud;
        if (request is not { Follow: true, Attempt: 0 })
        {
            if (request.Follow)
                cloud.Patience.WaitForNode();
            await JobOutput.CopyAsync(cloud, request, target, notes, at, null, cancel);
            return;
        }
        var job = await FollowedOutput.DetailAsync(cloud, new Jid(request.Jid), cancel);
        var newest = Math.Max(1, job.Attempt);
        var end = await FollowedOutput.CopyAsync(
            cloud,
            request,
            newest,
            target,
            notes,
            notes,
            at,
            cancel
        );
        if (end.Missing is { } missing)
            throw new ClientErrorException(ClientError.Of(missing));
    }

    private async IAsyncEnumerable<CloudEvent> EventsAsync(
        EventOptions options,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var request = new EventsRequest
        {
            Jobs = options.Jobs?.Parse() ?? new Selection(),
            Follow = options.Follow,
            Tail = options.Tail ?? 0,
            Since = options.Since is { } since ? Math.Max(1, since.ToMicroseconds()) : 0,
        };
        var cloud = options.Follow ? _cloud.ForWait() : _cloud;
        if (options.Follow)
            cloud.Patience.WaitForNode();
        using var stream = new FollowedEvents(cloud, request, cancel);
        while (await stream.NextAsync() is { } events)
        {
            foreach (var fact in events)
                if (EventText.Of(fact) is { } line)
                    yield return new CloudEvent(
                        Microseconds.ToInstant(line.When),
                        EventDocument.JidsOf(fact),
                        line.What,
                        TextOf(line.By),
                        TextOf(line.Node),
                        line.Attempt > 0 ? line.Attempt : null,
                        line.Message
                    );
        }
    }
}
