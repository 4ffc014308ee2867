using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Info;

[Properties(Arbitrary = [typeof(Generators), typeof(JobGenerators)])]
public sealed class InfoTests
{
    [Property]
    public void Every_item_of_any_job_has_a_value_or_a_reason(JobDetail job) =>
        Assert.All(
            InfoCatalog.All,
            item =>
            {
                var value = item.Read(job, Generators.Now);
                var known = !item.Missing.Contains("none is kept");
                Assert.False(value is InfoValue.Absent { Why: "" }, item.Name);
                Assert.True(Fits(item.Kind, value), item.Name);
                Assert.True(!known || InfoText.Render(value, TimeSpan.Zero).Length > 0, item.Name);
            }
        );

    [Property]
    public void No_measurement_is_negative(JobDetail job) =>
        Assert.All(
            InfoCatalog.All.Where(i => i.Need == InfoNeed.Usage || i.Kind == InfoKind.Seconds),
            item =>
                Assert.True(
                    item.Read(job, Generators.Now) switch
                    {
                        InfoValue.Bytes bytes => bytes.Value >= 0,
                        InfoValue.Number number => number.Value >= 0,
                        InfoValue.Seconds seconds => seconds.Value >= 0,
                        var value => value is InfoValue.Absent,
                    }
                )
        );

    [Property]
    public void JSON_contains_each_item_once_under_its_nested_name(JobDetail job)
    {
        using var json = Json(job);
        foreach (var item in InfoCatalog.All)
        {
            var missing = item.Read(job, Generators.Now) is InfoValue.Absent;
            Assert.Equal(!missing, Find(json.RootElement, item.Name.Split('.')));
            Assert.Equal(missing, Find(json.RootElement, ["absent", item.Name]));
        }
    }

    [Fact]
    public void JSON_contains_the_reason_for_a_partial_item()
    {
        var why = "its first 6 bytes were dropped";
        var job = new JobDetail
        {
            Stdout = "end",
            Partial =
            {
                new Absence { Item = "stdout", Why = why },
            },
        };
        using var json = Json(job);
        Assert.Equal("end", json.RootElement.GetProperty("stdout").GetString());
        var partial = json.RootElement.GetProperty("partial");
        Assert.Equal(why, Assert.Single(partial.EnumerateObject()).Value.GetString());
        Assert.Equal("stdout", partial.EnumerateObject().First().Name);
    }

    [Property]
    public void A_deleted_job_keeps_only_the_items_for_accounting(JobDetail job)
    {
        job.Deleted = true;
        var rest = InfoCatalog.All.Where(item => !item.Kept);
        Assert.All(
            rest,
            i => Assert.Equal(new InfoValue.Absent($"Job {job.Jid} was deleted"), i.Read(job, 1))
        );
        Assert.Equal(
            ["status", "runtime", "created", "finished"],
            InfoCatalog.All.Where(item => item.Kept).Select(item => item.Name)
        );
    }

    [Property]
    public void Any_text_parses_to_items_or_an_error_within_it(Scrap scrap)
    {
        var parsed = InfoSelection.Parse(scrap.Text);
        if (!parsed.Ok)
            Spans.AreWithin(scrap.Text, parsed.Error);
        else
            Assert.Equal(parsed.Value.Items.Distinct(), parsed.Value.Items);
    }

    [Theory]
    [InlineData("", "stdout,stderr,runtime,status,reason,exit_code")]
    [InlineData(
        "stdout,memory.failcnt,cputime",
        "stdout,memory.failcnt,cputime.user,cputime.system"
    )]
    [InlineData("memory", "memory.usage,memory.cache,memory.max_usage,memory.failcnt")]
    [InlineData("status, swap,status", "status,swap.usage,swap.max_usage")]
    public void Items_and_groups_are_selected_once_in_the_requested_order(
        string text,
        string names
    ) => Assert.Equal(names.Split(','), InfoSelection.Parse(text).Value!.Items.Select(i => i.Name));

    [Theory]
    [InlineData("stdot", "did you mean 'stdout'?")]
    [InlineData("status,memry", "did you mean 'memory'?")]
    [InlineData("zzzzzz", "use one of stdout, stderr,")]
    public void An_error_suggests_a_known_item(string text, string hint) =>
        Assert.Contains(hint, InfoSelection.Parse(text).Error!.Message);

    [Fact]
    public void A_selection_determines_the_needed_data()
    {
        var needs = InfoSelection.Parse("status,stderr,memory").Value!.Needs;
        Assert.Equal(InfoNeed.Core | InfoNeed.Stderr | InfoNeed.Usage, needs);
    }

    [Fact]
    public void Names_are_unique_and_every_item_has_help()
    {
        var names = InfoCatalog.All.Select(i => i.Name).Concat(InfoCatalog.Groups).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(InfoCatalog.All, item => Assert.NotEmpty(item.Help));
        Assert.All(
            InfoCatalog.All,
            i => Assert.True(i.Group == "" || i.Name.StartsWith(i.Group + "."))
        );
    }

    [Fact]
    public void A_timeline_has_no_unmeasured_values()
    {
        var job = new JobDetail { Jid = 1 };
        job.Timeline.Add(
            new TimelineSample
            {
                At = 1_000_000,
                CpuUs = 1_500_000,
                MemoryBytes = 7,
                DiskBytes = -1,
            }
        );
        var item = Assert.Single(InfoSelection.Parse("timeline").Value!.Items);

        Assert.Equal(InfoCatalog.All, InfoSelection.Parse("all").Value!.Items);
        Assert.Equal(
            "at: 1970-01-01T00:00:01.000000Z, cputime: 1.5, memory: 7, stdout: 0, stderr: 0",
            InfoText.Render(item.Read(job, 0), TimeSpan.Zero)
        );
    }

    [Fact]
    public void Retries_and_restarts_are_numbers_of_their_own()
    {
        var job = new JobDetail { Retries = 2, Restarts = 1 };
        var items = InfoSelection.Parse("retries,restarts").Value!.Items;

        Assert.Equal(
            [new InfoValue.Number(2), new InfoValue.Number(1)],
            items.Select(item => item.Read(job, 0))
        );
    }

    [Theory]
    [InlineData(0.03, "0.03 s")]
    [InlineData(59.5, "59.5 s")]
    [InlineData(3_661, "1 h 1 min 1 s")]
    public void Durations_for_people_have_units(double seconds, string shown) =>
        Assert.Equal(shown, InfoText.Describe(new InfoValue.Seconds(seconds), TimeSpan.Zero));

    [Fact]
    public void The_runtime_is_that_of_the_last_attempt_that_started()
    {
        var job = new JobDetail
        {
            Status = Status.Killed,
            Started = 100,
            Queued = 5_000_000,
            Finished = 9_000_000,
        };
        job.Attempts.Add(new AttemptRecord { Started = 100, Finished = 2_000_100 });
        Assert.Equal(2_000_000, JobTimes.Runtime(job, 0));
        Assert.Equal(4_000_000, JobTimes.Queued(job, 0));
    }

    [Fact]
    public void Ports_are_listed_by_transport_and_number_while_processing()
    {
        var job = new JobDetail { Status = Status.Processing, Ports = new() };
        job.Ports.Ports.Add(
            new JobPort
            {
                Port = 8000,
                Address = "10.0.0.7",
                ReachedPort = 42_001,
            }
        );
        job.Ports.Ports.Add(new JobPort { Port = 9000, Trouble = "no port is free" });
        using var json = Json(job);
        Assert.Equal(
            """{"tcp":{"8000":{"address":"10.0.0.7","port":42001},"9000":{"unreachable":"no port is free"}},"udp":{}}""",
            json.RootElement.GetProperty("ports").GetRawText()
        );
        job.Status = Status.Done;
        using var after = Json(job);
        Assert.False(Find(after.RootElement, ["ports"]));
    }

    private static JsonDocument Json(JobDetail job)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            InfoJson.Write(writer, InfoCatalog.All, job, Generators.Now);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static bool Find(JsonElement element, IEnumerable<string> path)
    {
        foreach (var name in path)
        {
            if (!element.TryGetProperty(name, out element))
                return false;
        }
        return true;
    }

    private static bool Fits(InfoKind kind, InfoValue value) =>
        value is InfoValue.Absent || value.GetType().Name == kind.ToString();
}
