using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Waits for the ends of jobs, and says of a failure or a time-out which jobs it is about
/// and what to do.</summary>
internal static class JobWaits
{
    /// <summary>A message names at most so many ranges of jids.</summary>
    private const int Ranges = 20;

    /// <summary>The statuses of at most so many jobs are read for a message.</summary>
    private const long MaxRead = 100_000;

    /// <summary>Waits until the end; returns null on success.</summary>
    public static async Task<CommandError?> EndAsync(
        Invocation call,
        CloudConnection cloud,
        AwaitRequest request,
        TimeSpan? limit,
        Action<AwaitReply>? progress = null
    )
    {
        call.WaitFor(request.Jobs);
        request.Inside = call.Inside;
        var failed = new List<JidRange>();
        try
        {
            if (await JobWaiter.EndAsync(cloud, request, limit, Seen) is not { } failure)
                return null;
            var error = CommandError.Of(failure);
            return error.Kind == ErrorKinds.BadEnd && error.Jid == 0
                ? Of(error, failed)
                : await JobFailures.WithDetailsAsync(cloud, error);
        }
        catch (ClientErrorException late) when (late.Error.Kind == ErrorKinds.Timeout)
        {
            var error = CommandError.Of(late.Error);
            return await WithUnfinishedAsync(cloud, request.Jobs, error);
        }

        void Seen(AwaitReply reply)
        {
            foreach (var run in reply.Ended)
                if (run.Status.IsBad() && failed.Count <= Ranges)
                    failed.Add(JidRuns.RangeOf(run));
            progress?.Invoke(reply);
        }
    }

    /// <summary>A time-out that names the jobs that have not finished.</summary>
    public static async Task<CommandError> WithUnfinishedAsync(
        CloudConnection cloud,
        Selection jobs,
        CommandError late
    )
    {
        try
        {
            var request = new StatusRequest { Jobs = jobs };
            var asked = cloud.Api.StatusAsync(request, cloud.UnaryOptions());
            var reply = await asked.ResponseAsync.WaitAsync(JobFailures.DetailsLimit);
            var open = reply.Runs.Where(run => !run.Status.IsFinished()).ToList();
            if (open.Count == 0 || reply.Runs.Sum(run => run.Count) > MaxRead)
                return late;
            var first = open.Find(run => run.Status != Status.Processing);
            return late with
            {
                Message = $"{late.Message.TrimEnd('.')}: {Listed(open)}.",
                Next = first is null
                    ? ""
                    : $"'jobcloud explain {first.First}' says why job {first.First} waits.",
            };
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException)
        {
            return late;
        }
    }

    /// <summary>For example, <c>7,9-12 queued, 3 processing</c>.</summary>
    private static string Listed(List<StatusRun> runs) =>
        string.Join(
            ", ",
            runs.GroupBy(run => run.Status)
                .Select(group =>
                    $"{Jids([.. group.Select(JidRuns.RangeOf)])} {StatusNames.Of(group.Key)}"
                )
        );

    private static string Jids(List<JidRange> ranges)
    {
        var sorted = JidRanges.Normalize(ranges);
        var more = sorted.Count > Ranges ? " and more" : "";
        return JidNotation.Print(sorted.Take(Ranges)) + more;
    }

    /// <summary>The failure of several jobs, which it names.</summary>
    private static CommandError Of(CommandError error, List<JidRange> failed)
    {
        if (failed.Count == 0)
            return error;
        var sorted = JidRanges.Normalize(failed);
        var again =
            sorted.Count > Ranges
                ? "'jobcloud ls failed' lists them"
                : $"run them again with 'jobcloud retry {JidNotation.Print(sorted)}'";
        return error with
        {
            Message = $"{error.Message.TrimEnd('.')} ({Jids(failed)}).",
            Next = $"See 'jobcloud logs {sorted[0].First} --stderr'; {again}.",
        };
    }
}
