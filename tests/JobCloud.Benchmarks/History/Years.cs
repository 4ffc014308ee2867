using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Benchmarks.History;

/// <summary>What a simulated day leaves behind.</summary>
/// <param name="JobsPerSecond">The speed at which its jobs were submitted, ended and
/// deleted.</param>
/// <param name="Size">The bytes of all files in the home of the stopped node.</param>
internal sealed record YearsRow(
    int Day,
    long Submitted,
    double JobsPerSecond,
    long Size,
    long ResidentMiB,
    TimeSpan Start,
    TimeSpan StartCpu,
    double ListMilliseconds
)
{
    public const string Head =
        "| day | jobs so far | jobs/s | home MiB | VmRSS MiB | start ms | CPU of the start ms "
        + "| `ls` ms |\n"
        + "|---|---|---|---|---|---|---|---|";

    public override string ToString() =>
        $"| {Day} | {Submitted:N0} | {JobsPerSecond:F0} | {Size / 1048576.0:F1} | {ResidentMiB} "
        + $"| {Start.TotalMilliseconds:F0} | {StartCpu.TotalMilliseconds:F0} "
        + $"| {ListMilliseconds:F1} |";
}

/// <summary>
/// Simulates days, as fast as the control plane goes: each submits jobs, waits for their ends,
/// deletes some, and retention purges what is older than its window. The node starts anew before
/// each day that is measured.
/// </summary>
internal sealed class Years(YearsOptions options, TextWriter output)
{
    private const int Page = 50;
    private const int SmallMap = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly List<long> _lastOfDay = [];
    private readonly HomePaths _home = new(Directory.CreateTempSubdirectory("jcb-").FullName);

    /// <returns>The rows of the measured days.</returns>
    public async Task<IReadOnlyList<YearsRow>> RunAsync()
    {
        try
        {
            await output.WriteLineAsync(
                $"{options.Jobs:N0} jobs a day, of which one in {YearsOptions.DeletedOneIn} is "
                    + $"deleted; retention keeps {options.Window} days"
            );
            await output.WriteLineAsync(YearsRow.Head);
            var rows = new List<YearsRow>();
            for (var day = 1; day <= options.Days; day += options.Every)
            {
                var row = await MeasureAsync(day, Math.Min(options.Days, day + options.Every - 1));
                await output.WriteLineAsync($"{row}");
                rows.Add(row);
            }
            return rows;
        }
        finally
        {
            Directory.Delete(_home.Home, recursive: true);
        }
    }

    private async Task<YearsRow> MeasureAsync(int from, int to)
    {
        var row = await LiveAsync(from, to);
        return row with { Size = Millions.Size(_home) };
    }

    private async Task<YearsRow> LiveAsync(int from, int to)
    {
        using var node = await NodeProcess.StartAsync(_home, Settings());
        using var channel = BenchCloud.Connect(_home);
        var cloud = new Cloud.CloudClient(channel);
        var watch = Stopwatch.StartNew();
        for (var day = from; day <= to; day++)
        {
            await SubmitAsync(cloud, day);
            await DeleteAsync(cloud, day);
        }
        var speed = options.Jobs * (to - from + 1) / watch.Elapsed.TotalSeconds;
        await WaitForRetentionAsync(cloud, to);
        // Erasing, sweeping and giving space back to the disk follow.
        await Task.Delay(TimeSpan.FromSeconds(options.EraseSeconds + 1));
        return new YearsRow(
            to,
            (long)to * options.Jobs,
            speed,
            0,
            node.Resident,
            node.Start,
            node.StartCpu,
            await ListAsync(cloud)
        );
    }

    private string[] Settings()
    {
        var deleted = options.Jobs / YearsOptions.DeletedOneIn;
        // A day is not purged before its jobs to delete are deleted.
        var most = ((long)(options.Jobs - deleted) * options.Window) + deleted;
        string[] settings =
        [
            $"jobcloud.retention.jobs-max={most}",
            $"jobcloud.segments.erase-within={options.EraseSeconds}s",
            $"jobcloud.segments.passivate-after={options.EraseSeconds}s",
            "jobcloud.segments.check-interval=500ms",
            "jobcloud.agent.backlog=16384",
        ];
        return
        [
            NodeProcess.Hurry,
            "--cores",
            "4096",
            "--memory",
            "100000000GiB",
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
    }

    /// <summary>Submits the jobs of a day, most of them in one map, and waits for their
    /// ends.</summary>
    private async Task SubmitAsync(Cloud.CloudClient cloud, int day)
    {
        var left = options.Jobs;
        var (first, last) = (long.MaxValue, 0L);
        var small = Math.Max(1, options.Jobs / 10 / SmallMap);
        var singles = Math.Max(1, options.Jobs / 50);
        for (var map = 0; map < small && left > SmallMap; map++)
            await AddAsync(SmallMap, $"python3 evaluate.py --day {day} --part {map}");
        for (var single = 0; single < singles && left > 1; single++)
            await AddAsync(1, $"make -C build/{day} test-{single}");
        await AddAsync(left, $"./simulate --day {day}");
        await TrueMap.JoinAsync(cloud, first, last);
        _lastOfDay.Add(last);

        async Task AddAsync(int count, string command)
        {
            var request = new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = command,
                    Label = $"day-{day}",
                    Cores = 1,
                    Priority = 5,
                },
                Count = count,
                IsMap = count > 1,
            };
            var submitted = await cloud.SubmitAsync(request);
            left -= count;
            (first, last) = (Math.Min(first, submitted.First), submitted.Last);
        }
    }

    /// <summary>Deletes the last jobs of a day.</summary>
    private async Task DeleteAsync(Cloud.CloudClient cloud, int day)
    {
        var last = _lastOfDay[day - 1];
        var range = new JidRange
        {
            First = last - (options.Jobs / YearsOptions.DeletedOneIn) + 1,
            Last = last,
        };
        await cloud.DeleteAsync(
            new DeleteRequest
            {
                Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            }
        );
    }

    private async Task WaitForRetentionAsync(Cloud.CloudClient cloud, int day)
    {
        // Of the day before the window, some jobs fit the limit.
        if (day <= options.Window + 1)
            return;
        var gone = new ListRequest
        {
            Query = $"jid<={_lastOfDay[day - options.Window - 2]}",
            Limit = 1,
        };
        await Eventually.HoldsAsync(
            async () => (await cloud.ListAsync(gone)).Rows.Count == 0,
            "retention purges what is older than its window",
            Patience
        );
    }

    private static async Task<double> ListAsync(Cloud.CloudClient cloud)
    {
        var best = double.MaxValue;
        for (var run = 0; run < 10; run++)
        {
            var watch = Stopwatch.StartNew();
            await cloud.ListAsync(new ListRequest { Limit = Page });
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
        }
        return best;
    }
}
