using System.CommandLine;
using System.Text;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class LogsCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jid = Arg.Jid();
    private readonly Option<bool> _follow = Opt.Flag(
        "--follow",
        "keep printing until the job finishes, or the attempt of --attempt ends",
        "-f"
    );
    private readonly Option<bool> _stderr = Opt.Flag("--stderr", "print stderr instead of stdout");
    private readonly Option<bool> _logging = Opt.Flag(
        "--logging",
        "print Python's logging records and what the job wrote to $JOBCLOUD_LOG"
    );
    private readonly Option<bool> _syslog = Opt.Flag(
        "--syslog",
        "print the system and kernel log messages about the job's processes"
    );
    private readonly Option<int?> _tail = Opt.Number(
        "--tail",
        "N",
        "print only the last N lines",
        1
    );
    private readonly Option<string?> _since = Opt.Text(
        "--since",
        "TIME",
        "print only output since TIME: 10m (ten minutes ago) or 2026-11-22T15:04"
    );
    private readonly Option<int?> _attempt = Opt.Number(
        "--attempt",
        "N",
        "attempt to print (default: the newest)",
        1
    );

    private readonly Option<string?> _grep = Opt.Text(
        "--grep",
        "TEXT",
        "print only lines that contain TEXT; its case matters only if it has an upper-case letter"
    );
    private readonly Option<bool> _regex = Opt.Flag(
        "--regex",
        "TEXT of --grep is a regular expression",
        "-E"
    );
    private readonly Option<bool> _count = Opt.Flag(
        "--count",
        "print only the number of lines that --grep finds",
        "-c"
    );

    public LogsCommand()
        : base(CommandName, Summary)
    {
        Add(_jid);
        Add(_follow);
        Add(_stderr);
        Add(_logging);
        Add(_syslog);
        Add(_tail);
        Add(_since);
        Add(_attempt);
        Add(_grep);
        Add(_regex);
        Add(_count);
    }

    public static string CommandName => "logs";
    public static string Summary => "Print the output of a job.";

    public override string[] Examples =>
        [
            "jobcloud logs 7 -f",
            "jobcloud logs 7 --stderr --tail 20",
            "jobcloud logs 7 --since 10m",
            "jobcloud logs 7 --grep error -c",
            "jobcloud logs 7 --grep 'loss 0\\.[0-9]+$' -E",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new OutputRequest
        {
            Attempt = call.Get(_attempt) ?? 0,
            Stream = StreamOf(call),
            Follow = call.Get(_follow),
            TailLines = call.Get(_tail) ?? 0,
        };
        if (call.Get(_since) is { } time)
        {
            if (request.TailLines > 0)
                return CommandError.Usage("--tail and --since are mutually exclusive; use one.");
            var from = Instants.Parse(time, call.Now, call.OffsetAt(call.Now));
            if (!from.Ok)
                return CommandError.Usage($"--since: {from.Error.Message}");
        }
        var lines = call.Get(_grep) is { } pattern
            ? new LineFilter(pattern, call.Get(_regex), call.Get(_count))
            : null;
        if (lines is null && (call.Get(_regex) || call.Get(_count)))
            return CommandError.Usage("--regex and --count need --grep.");
        using var cloud = await call.ConnectAsync();
        if (call.Get(_since) is { } since)
            request.Since = Math.Max(1, await call.InstantAsync(cloud, since));
        var jid = await call.JobAsync(cloud, _jid);
        request.Jid = jid;
        var terminal = call.Terminal with { Error = TextWriter.Synchronized(call.Terminal.Error) };
        var printing =
            call.IsJson ? DocumentAsync(cloud, request, lines)
            : request is { Follow: true, Attempt: 0 } ? FollowAsync(cloud, request, lines, terminal)
            : StreamAsync(cloud, request, lines, terminal);
        if (!request.Follow)
            return await printing;
        call.WaitFor(JidRuns.One(jid));
        return await WaitNotice.WhileAsync(printing, cloud, jid, terminal);
    }

    private OutputStream StreamOf(Invocation call) =>
        call.Get(_stderr) ? OutputStream.Stderr
        : call.Get(_logging) ? OutputStream.Logging
        : call.Get(_syslog) ? OutputStream.Syslog
        : OutputStream.Stdout;

    private static async Task<Report> StreamAsync(
        CloudConnection cloud,
        OutputRequest request,
        LineFilter? lines,
        CommandProcess terminal
    )
    {
        if (request.Follow)
            cloud.Patience.WaitForNode();
        var at = new JobOutput.Position { Lines = lines };
        await JobOutput.CopyAsync(
            cloud,
            request,
            new StreamTarget(terminal.Output),
            terminal.Error,
            at
        );
        return Ended(lines, at.Copied, terminal);
    }

    private static async Task<Report> FollowAsync(
        CloudConnection cloud,
        OutputRequest request,
        LineFilter? lines,
        CommandProcess terminal
    )
    {
        var (output, notes) = (new StreamTarget(terminal.Output), terminal.Error);
        var job = await FollowedOutput.DetailAsync(cloud, new Jid(request.Jid));
        var newest = Math.Max(1, job.Attempt);
        var end = await FollowedOutput.CopyAsync(
            cloud,
            request,
            newest,
            output,
            notes,
            notes,
            new JobOutput.Position { Lines = lines }
        );
        return end.Missing is { } missing
            ? CommandError.Of(missing)
            : Ended(lines, end.Copied, terminal);
    }

    private static Report Ended(LineFilter? lines, JobOutput.Copied copied, CommandProcess terminal)
    {
        if (lines is { IsCount: true })
        {
            terminal.Output.Write(Encoding.ASCII.GetBytes($"{copied.Matches}\n"));
            terminal.Output.Flush();
        }
        return new Report.Ended(CommandExitCodes.Success);
    }

    /// <summary>The output as one JSON document; invalid UTF-8 is replaced.</summary>
    private static async Task<Report> DocumentAsync(
        CloudConnection cloud,
        OutputRequest request,
        LineFilter? lines
    )
    {
        using var content = new MemoryStream();
        var notes = new StringWriter();
        var at = new JobOutput.Position { Lines = lines };
        await JobOutput.CopyAsync(cloud, request, new StreamTarget(content), notes, at);
        var text = Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
        return new Report.Nothing(() =>
            OutputDocument.Of(
                request.Jid,
                at.Attempt,
                request.Stream,
                lines is { IsCount: true } ? null : text,
                notes.ToString().Trim()
            ) with
            {
                Matches = lines is null ? null : at.Matches,
            }
        );
    }
}
