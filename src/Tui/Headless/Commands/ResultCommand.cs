using System.CommandLine;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Results;
using JobStatus = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ResultCommand : CloudCommand, IListedCommand
{
    /// <summary>The number of results to request in advance.</summary>
    private const int Ahead = 16;

    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Option<TimeSpan?> _timeout = Opt.Seconds(
        "--timeout",
        "maximum time to wait (default: no limit)",
        "-t"
    );
    private readonly Option<bool> _ignoreErrors = Opt.Flag(
        "--ignore-errors",
        "print failures in place of results and exit with 0",
        "-i"
    );
    private readonly Option<bool> _asCompleted = Opt.Flag(
        "--as-completed",
        "print results as they arrive, not in the order of JIDS"
    );
    private readonly Option<string?> _outputDir = Opt.Text(
        "--output-dir",
        "DIR",
        "write each result to DIR/JID instead of printing it"
    );

    public ResultCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_timeout);
        Add(_ignoreErrors);
        Add(_asCompleted);
        Add(_outputDir);
    }

    public static string CommandName => "result";
    public static string Summary =>
        "Wait for jobs and print their results: stdout or the return file.";

    public override string[] Examples =>
        [
            "jobcloud result 7 > out.bin",
            "jobcloud result 10-19 -i",
            "jobcloud result 10-19 --output-dir out",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new AwaitRequest
        {
            Jobs = await call.JobsAsync(_jids),
            Mode = call.Get(_ignoreErrors) ? AwaitMode.All : AwaitMode.FirstBad,
        };
        using var cloud = await call.ConnectAsync();
        using var sink = SinkFor(call);
        var error = call.Get(_asCompleted)
            ? await AsCompletedAsync(cloud, request, sink, call)
            : await InOrderAsync(cloud, request, sink, call);
        if (error is not null)
            return error;
        sink.Complete();
        return sink.Incomplete is { } torn && !call.Get(_ignoreErrors)
            ? torn
            : new Report.Ended(CommandExitCodes.Success);
    }

    private ResultSink SinkFor(Invocation call)
    {
        if (call.Get(_outputDir) is { } folder)
            return new FolderSink(
                call.Terminal.Absolute(folder),
                call.Terminal.Output,
                call.IsJson
            );
        return call.IsJson
            ? new JsonSink(call.Terminal.Output)
            : new TextSink(call.Terminal.Output);
    }

    private async Task<CommandError?> InOrderAsync(
        CloudConnection cloud,
        AwaitRequest request,
        ResultSink sink,
        Invocation call
    )
    {
        var error = await JobWaits.EndAsync(call, cloud, request, call.Get(_timeout));
        if (error is not null && !call.Get(_ignoreErrors))
            return error;
        var reply = await cloud.Api.StatusAsync(
            new() { Jobs = request.Jobs },
            cloud.UnaryOptions()
        );
        sink.Expect(reply.Runs.Sum(static run => run.Count));
        await PrintAsync(cloud, JidsOf(reply.Runs), sink, call);
        return null;
    }

    private static IEnumerable<(Jid Jid, JobStatus Status)> JidsOf(IEnumerable<StatusRun> runs)
    {
        foreach (var run in runs)
            for (var jid = new Jid(run.First); jid < run.First + run.Count; jid++)
                yield return (jid, run.Status);
    }

    private async Task<CommandError?> AsCompletedAsync(
        CloudConnection cloud,
        AwaitRequest request,
        ResultSink sink,
        Invocation call
    )
    {
        call.WaitFor(request.Jobs);
        request.Inside = call.Inside;
        var limit = call.Get(_timeout);
        // A wait that is repeated after a restart of the node reports all finished jobs again.
        var printed = new HashSet<long>();
        try
        {
            await foreach (var reply in JobWaiter.WatchAsync(cloud, request, limit))
            {
                sink.Expect(reply.Total);
                var ended = reply.Ended.Where(run =>
                    call.Get(_ignoreErrors) || run.Status == JobStatus.Done
                );
                var fresh = JidsOf(ended).Where(job => printed.Add(job.Jid));
                await PrintAsync(cloud, fresh, sink, call);
                if (reply.Finished)
                    return call.Get(_ignoreErrors) || JobWaiter.Verdict(reply) is not { } failure
                        ? null
                        : await JobFailures.WithDetailsAsync(cloud, CommandError.Of(failure));
            }
        }
        catch (ClientErrorException late) when (late.Error.Kind == ErrorKinds.Timeout)
        {
            var error = CommandError.Of(late.Error);
            return await JobWaits.WithUnfinishedAsync(cloud, request.Jobs, error);
        }
        return null;
    }

    /// <summary>Prints finished jobs while the next results are being fetched.</summary>
    private static async Task PrintAsync(
        CloudConnection cloud,
        IEnumerable<(Jid Jid, JobStatus Status)> jobs,
        ResultSink sink,
        Invocation call
    )
    {
        var ahead = new Queue<(Jid Jid, AsyncServerStreamingCall<OutputChunk>? Output)>();
        foreach (var (jid, status) in jobs)
        {
            ahead.Enqueue((jid, status == JobStatus.Done ? Fetch(cloud, jid) : null));
            if (ahead.Count > Ahead)
                await PrintAsync(cloud, ahead.Dequeue(), sink, call);
        }
        while (ahead.TryDequeue(out var next))
            await PrintAsync(cloud, next, sink, call);
    }

    private static AsyncServerStreamingCall<OutputChunk> Fetch(CloudConnection cloud, Jid jid) =>
        cloud.Api.Output(ResultOf(jid), cloud.StreamOptions());

    private static OutputRequest ResultOf(Jid jid) =>
        new() { Jid = jid, Stream = OutputStream.Result };

    private static async Task PrintAsync(
        CloudConnection cloud,
        (Jid Jid, AsyncServerStreamingCall<OutputChunk>? Output) next,
        ResultSink sink,
        Invocation call
    )
    {
        if (next.Output is not { } output)
        {
            sink.AddFailure(await FailureAsync(cloud, next.Jid));
            return;
        }
        using var target = sink.Open(next.Jid);
        var notes = call.Terminal.Error;
        var copied = await JobOutput.CopyAsync(
            cloud,
            ResultOf(next.Jid),
            new StreamTarget(target),
            notes,
            output
        );
        if (copied.Dropped > 0)
            sink.AddIncomplete(next.Jid, copied.Dropped);
    }

    private static async Task<CommandError> FailureAsync(CloudConnection cloud, Jid jid)
    {
        var request = new InfoRequest { Jobs = JidRuns.One(jid), Items = { "status", "reason" } };
        var job = await JobDetails.ReadAsync(cloud, request);
        return JobFailures.Of(job);
    }
}
