using System.Text;
using JobCloud.Client;

using var cloud = await JobCloudClient.ConnectAsync();

var hello = await cloud.SubmitAsync(new JobRequest("echo hello"));
var words = await cloud.SubmitAsync(
    new JobRequest(["printf", "%s|", "a  b", "c"]) { Label = "words", Cores = 1 }
);
Console.Write(Encoding.UTF8.GetString(await cloud.GetResultAsync(hello.First)));
Console.WriteLine(Encoding.UTF8.GetString(await cloud.GetResultAsync(words.First)));

var map = await cloud.SubmitAsync(
    new MapRequest("echo $(({i} * {i}))") { Range = ["1-3"], MaxParallel = 2 }
);
var counts = await cloud.WaitAsync(map, new WaitOptions { Timeout = TimeSpan.FromMinutes(5) });
Console.WriteLine($"{counts.Done} of {counts.Total} are done");
await foreach (var result in cloud.GetResultsAsync(map))
    Console.Write(result.Text);

foreach (var row in (await cloud.ListAsync(new ListOptions { Query = "label=words" })).Rows)
    Console.WriteLine($"job {row.First}: {row.Fields.GetProperty("command").GetString()}");

await File.WriteAllTextAsync("fruit.txt", "pear\napple\n");
var sorted = await cloud.SubmitAsync(
    new JobRequest("sort - {fruit}")
    {
        Data = new Dictionary<string, JobInput> { ["fruit"] = JobInput.OfFile("fruit.txt") },
        Stdin = JobInput.OfBytes("orange\n"u8.ToArray()),
    }
);
Console.Write(Encoding.UTF8.GetString(await cloud.GetResultAsync(sorted.First)));

var slow = await cloud.SubmitAsync(new JobRequest("for n in 1 2 3; do echo line $n; done"));
await using (
    var output = await cloud.OpenOutputAsync(slow.First, new JobOutputOptions { Follow = true })
)
{
    using var lines = new StreamReader(output);
    while (await lines.ReadLineAsync() is { } line)
        Console.WriteLine(line);
}

await foreach (var happened in cloud.GetEventsAsync(new EventOptions { Jobs = slow }))
    Console.WriteLine($"{happened.What}: {happened.Message}");

await foreach (var info in cloud.GetInfoAsync(slow, ["exit_code", "runtime"]))
    Console.WriteLine($"exit code {info.Items.GetProperty("exit_code")}");

var wrong = await cloud.SubmitAsync(new JobRequest("exit 3"));
try
{
    await cloud.GetResultAsync(wrong.First);
}
catch (JobCloudException failure) when (failure.Code == "bad-end")
{
    Console.WriteLine(failure.Message);
}

await cloud.RetryAsync(wrong);
await cloud.WaitAsync(wrong);
var sleeper = await cloud.SubmitAsync(new JobRequest(["sleep", "1000"]));
var killed = await cloud.KillAsync(sleeper);
await cloud.WaitAsync(sleeper);
foreach (var state in await cloud.GetStatusAsync(sleeper))
    Console.WriteLine($"{killed.Changed} job was killed; its status is {state.Status}");
await cloud.DeleteAsync(sleeper);
