using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Testing;

/// <summary>A map of <c>true</c>, used to measure the speed of a cloud.</summary>
public static class TrueMap
{
    /// <summary>Submits it and waits for its end; returns the total time.</summary>
    public static async Task<TimeSpan> RunAsync(Cloud.CloudClient client, int jobs)
    {
        var watch = Stopwatch.StartNew();
        var map = await client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = "true",
                    Cores = 1,
                    Priority = 5,
                },
                Count = jobs,
                IsMap = true,
            }
        );
        await JoinAsync(client, map.First, map.Last);
        return watch.Elapsed;
    }

    /// <summary>Waits for jobs to finish.</summary>
    /// <exception cref="InvalidOperationException">Not all are done.</exception>
    public static async Task JoinAsync(Cloud.CloudClient client, long first, long last)
    {
        var range = new JidRange { First = first, Last = last };
        using var waiting = client.Await(
            new AwaitRequest
            {
                Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            }
        );
        while (await waiting.ResponseStream.MoveNext(CancellationToken.None))
            if (waiting.ResponseStream.Current is { Finished: true } end)
            {
                if (end.Counts[(int)Status.Done] != end.Total)
                    throw new InvalidOperationException($"not all jobs are done: {end}");
                return;
            }
        throw new InvalidOperationException("the node ended the wait");
    }
}
