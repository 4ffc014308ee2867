using System.CommandLine;
using System.Globalization;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class InfoCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Option<string?> _items = Opt.Text(
        "--items",
        "ITEMS",
        "comma-separated items (default stdout,stderr,runtime,status)",
        "-o"
    );

    public InfoCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_items);
        foreach (var item in InfoCatalog.All)
            _items.CompletionSources.Add(item.Name);
        foreach (var group in InfoCatalog.Groups)
            _items.CompletionSources.Add(group);
    }

    public static string CommandName => "info";
    public static string Summary => "Show details of jobs, live while they run.";

    public override string[] Examples =>
        [
            "jobcloud info 7",
            "jobcloud info 7 -o memory,cputime.user",
            "jobcloud -o json info last -o all",
        ];

    public override string Details
    {
        get
        {
            var text = new StringBuilder("Items:\n");
            var width = InfoCatalog.All.Max(static item => item.Name.Length);
            foreach (var item in InfoCatalog.All)
            {
                var unit = item.Unit.Length > 0 ? $" ({item.Unit})" : "";
                text.Append($"  {item.Name.PadRight(width)}  {item.Help}{unit}\n");
            }
            return text.Append($"Groups: {string.Join(", ", InfoCatalog.Groups)}").ToString();
        }
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        var selection = InfoSelection.Parse(call.Get(_items) ?? "");
        if (!selection.Ok)
            return CommandError.Usage(selection.Error.Message);
        var request = new InfoRequest { Jobs = await call.JobsAsync(_jids) };
        foreach (var item in selection.Value.Items)
            request.Items.Add(item.Name);

        using var cloud = await call.ConnectAsync();
        var jobs = await ReadAsync(cloud, request);
        var now = call.Now;
        return new Report.Document(
            [.. jobs.Select(job => new Part.Text(Block(selection.Value.Items, job, now, call)))],
            json =>
            {
                foreach (var job in jobs)
                {
                    json.WritePropertyName(job.Jid.ToString(CultureInfo.InvariantCulture));
                    InfoJson.Write(json, selection.Value.Items, job, now);
                }
            }
        )
        {
            Versioned = false,
        };
    }

    /// <summary>A heading and lines <c>item: value</c>. A value of several lines starts below its
    /// name.</summary>
    private static string Block(
        IReadOnlyList<InfoItem> items,
        JobDetail job,
        long now,
        Invocation call
    )
    {
        var text = new StringBuilder();
        if (call.Format == OutputFormat.Default)
            text.Append($"Info for jid {job.Jid}\n");
        foreach (var item in items)
        {
            var value = item.Read(job, now);
            var shown = InfoText.Render(value, call.OffsetAt(now)).TrimEnd('\n');
            if (shown.Length == 0)
                continue;
            if (call.Format == OutputFormat.Quiet)
                text.Append($"{shown}\n");
            else if (
                shown.Contains('\n')
                || item.Need
                    is InfoNeed.Stdout
                        or InfoNeed.Stderr
                        or InfoNeed.Logging
                        or InfoNeed.Syslog
                        or InfoNeed.Pilog
            )
                text.Append($"{item.Name}:\n{shown}\n");
            else
                text.Append($"{item.Name}: {shown}\n");
            if (item.PartialReason(job) is { } missed && call.Format != OutputFormat.Quiet)
                text.Append($"({item.Name}: {missed})\n");
        }
        return text.ToString();
    }

    public static async Task<List<JobDetail>> ReadAsync(CloudConnection cloud, InfoRequest request)
    {
        using var call = cloud.Api.Info(request, cloud.UnaryOptions());
        var jobs = new List<JobDetail>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            jobs.Add(call.ResponseStream.Current);
        return jobs;
    }
}
