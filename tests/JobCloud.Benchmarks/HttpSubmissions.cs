using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace JobCloud.Benchmarks;

/// <summary>Submissions per second by HTTP over one kept connection, one by one and 1,000 in an
/// array, beside <c>batch</c>, alternating in one run. The jobs need more cores than there are,
/// so nothing but their submission is measured.</summary>
public static class HttpSubmissions
{
    private const int Rounds = 5;
    private const int PerArray = 1_000;
    private const string Job = """{"exec":{"command":"true","cores":8}}""";

    public static async Task RunAsync(int size)
    {
        var jobs = Math.Max(PerArray, size) / PerArray * PerArray;
        await using var cloud = await BenchCloud.StartAsync();
        using var http = Client(cloud.Home.HttpSocket);
        var array = $"[{string.Join(',', Enumerable.Repeat(Job, PerArray))}]";
        Console.WriteLine($"{jobs} submissions per round; submissions/s");
        Console.WriteLine("round  batch  single  arrays");
        for (var round = 1; round <= Rounds; round++)
        {
            var batch = jobs / (await BatchAsync(cloud, jobs)).TotalSeconds;
            var single = jobs / (await PostAsync(http, Job, jobs)).TotalSeconds;
            var arrays = jobs / (await PostAsync(http, array, jobs / PerArray)).TotalSeconds;
            Console.WriteLine($"{round, -5}  {batch, -5:F0}  {single, -6:F0}  {arrays:F0}");
        }
    }

    private static async Task<TimeSpan> PostAsync(HttpClient http, string body, int times)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < times; i++)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/v1/jobs", content);
            answer.EnsureSuccessStatusCode();
        }
        return watch.Elapsed;
    }

    private static async Task<TimeSpan> BatchAsync(BenchCloud cloud, int jobs)
    {
        var requests = Path.Combine(cloud.Home.Home, "requests");
        await File.WriteAllLinesAsync(requests, Enumerable.Repeat(Job, jobs));
        var watch = Stopwatch.StartNew();
        await BenchCloud.RunAsync(cloud.Home, BenchCloud.Program("jobcloud"), "batch", requests);
        return watch.Elapsed;
    }

    private static HttpClient Client(string path) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancel) =>
                {
                    var socket = new Socket(
                        AddressFamily.Unix,
                        SocketType.Stream,
                        ProtocolType.Unspecified
                    );
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                },
                MaxConnectionsPerServer = 1,
            }
        )
        {
            BaseAddress = new Uri("http://node"),
        };
}
