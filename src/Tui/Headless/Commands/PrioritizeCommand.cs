using System.CommandLine;
using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class PrioritizeCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Argument<string> _priority = Arg.Text("N", "new priority; lower runs first");

    public PrioritizeCommand()
        : base(CommandName, Summary)
    {
        Add(_priority);
        Add(_jids);
    }

    public static string CommandName => "prioritize";
    public static string Summary => "Change the priority of unfinished jobs.";

    public override string[] Examples => ["jobcloud prioritize 1 10-19"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var text = call.Get(_priority)!;
        const NumberStyles style = NumberStyles.AllowLeadingSign;
        if (!int.TryParse(text, style, CultureInfo.InvariantCulture, out var number))
            return CommandError.Usage(
                $"'{text}' is not a priority; use a whole number (lower runs first)."
            );
        var request = new PrioritizeRequest
        {
            Jobs = await call.JobsAsync(_jids),
            Priority = number,
        };
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.PrioritizeAsync(request, cloud.UnaryOptions());
        return ChangeReports.Of(reply, "Changed the priority of {0}", "unchanged");
    }
}
