using System.CommandLine;
using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class PrioritizeCommand : CloudCommand, IListedCommand
{
    // One argument, because the parser would take the priority for a jid.
    private readonly Argument<string[]> _words = Arg.Words(
        "JIDS N",
        "the jobs, then their new priority; lower runs first",
        required: true
    );

    public PrioritizeCommand()
        : base(CommandName, Summary) => Add(_words);

    public static string CommandName => "prioritize";
    public static string Summary => "Change the priority of unfinished jobs.";

    public override string[] Examples =>
        ["jobcloud prioritize 10-19 1", "jobcloud prioritize last -3"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var words = call.Get(_words)!;
        if (words.Length < 2)
            return UsageError("Missing argument; write JIDS, then the new priority.");
        if (!TryRead(words[^1], out var number))
            return UsageError(
                TryRead(words[0], out _) && JidNotation.Parse(string.Join(',', words[1..])).Ok
                    ? "The priority comes last: "
                        + $"jobcloud prioritize {string.Join(' ', words[1..])} {words[0]}."
                    : $"'{words[^1]}' is not a priority; use a whole number (lower runs first)."
            );
        var jobs = words is ["-", _]
            ? await call.ReadJobsAsync()
            : JidNotation.Parse(string.Join(',', words[..^1]));
        if (!jobs.Ok)
            return UsageError(jobs.Error.Message);
        var request = new PrioritizeRequest { Jobs = jobs.Value, Priority = number };
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.PrioritizeAsync(request, cloud.UnaryOptions());
        return ChangeReports.Of(reply, "Changed the priority of {0}", "unchanged");
    }

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
