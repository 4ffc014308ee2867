using System.CommandLine;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Results;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class InfoCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Option<string[]> _items = Opt.Texts(
        "--items",
        "ITEMS",
        $"comma-separated items (default {string.Join(',', InfoCatalog.Default)}), or an output format "
            + "such as json",
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
            "jobcloud info last -o json -o all",
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

    /// <summary>After the command, <c>-o</c> takes items and output formats.</summary>
    public override string? FormatIn(ParseResult parsed) =>
        parsed.GetResult(_items)?.Tokens is { } words
            ? words
                .Select(static word => word.Value)
                .LastOrDefault(static text => OutputFormats.Names.Contains(text))
            : null;

    public override async Task<Report> RunAsync(Invocation call)
    {
        var given = call.Get(_items)!.Where(static text => !OutputFormats.Names.Contains(text));
        var names = string.Join(',', given);
        var selection = InfoSelection.Parse(names);
        if (!selection.Ok)
            return CommandError.Usage(selection.Error.Message);
        var request = new InfoRequest { Jobs = await call.JobsAsync(_jids) };
        foreach (var item in selection.Value.Items)
            request.Items.Add(item.Name);

        using var cloud = await call.ConnectAsync();
        using InfoSink sink = call.IsJson
            ? new InfoJsonSink(selection.Value.Items, call)
            : new InfoTextSink(selection.Value.Items, call, hidesAbsent: names.Length == 0);
        await foreach (var job in cloud.RepliesAsync(options => cloud.Api.Info(request, options)))
            sink.Add(job, call.Now);
        sink.Complete();
        return new Report.Ended(CommandExitCodes.Success);
    }
}
