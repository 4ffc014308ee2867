using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Testing;

/// <summary>A map of <c>true</c>, what a cloud's speed is measured with.</summary>
public static class TrueMap
{
    /// <summary>Submits it and waits for its end; how long both took.</summary>
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
        var range = new JidRange { First = map.First, Last = map.Last };
        using var waiting = client.Await(
            new AwaitRequest
            {
                Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            }
        );
        while (await waiting.ResponseStream.MoveNext(CancellationToken.None))
            if (waiting.ResponseStream.Current.Finished)
                break;
        return watch.Elapsed;
    }
}
