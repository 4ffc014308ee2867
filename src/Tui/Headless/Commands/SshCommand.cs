using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class SshCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jid = Arg.Jid();
    private readonly Argument<string[]> _command = Arg.Words(
        "COMMAND",
        "command to run in the job (default: a shell)",
        required: false
    );
    private readonly Option<bool> _tty = Opt.Flag(
        "--tty",
        "allocate a terminal for COMMAND (full-screen programs need one)",
        "-t"
    );
    private readonly Option<bool> _noTty = Opt.Flag(
        "--no-tty",
        "do not allocate a terminal for a shell",
        "-T"
    );
    private readonly Option<TimeSpan?> _timeout = Opt.Seconds(
        "--timeout",
        "maximum time to wait until the job is processing (default: no limit)"
    );

    public SshCommand()
        : base(CommandName, Summary)
    {
        Add(_jid);
        Add(_command);
        Add(_tty);
        Add(_noTty);
        Add(_timeout);
    }

    public static string CommandName => "ssh";
    public static string Summary => "Open a terminal in a job, or run a command in it.";
    public override bool TakesCommandLine => true;

    public override string[] Examples =>
        [
            "jobcloud ssh 7",
            "jobcloud ssh 7 'ps aux | grep python'",
            "tar c . | jobcloud ssh 7 tar x",
            "jobcloud ssh -t 7 htop",
        ];

    public override string Details =>
        "The command waits until the job is processing. The shell runs in the job, with its directory,\n"
        + "environment and limits, and ends with it. The exit code is that of the shell or COMMAND, or 3 if\n"
        + "the job or its node ended first. At the start of a line, ~. closes the connection and ~~ sends ~.\n"
        + "Without a terminal, stdout and stderr are separate and Ctrl-C interrupts COMMAND.";

    public override async Task<Report> RunAsync(Invocation call)
    {
        if (call.Get(_tty) && call.Get(_noTty))
            return CommandError.Usage("--tty and --no-tty are mutually exclusive; use one.");
        bool? pty =
            call.Get(_tty) ? true
            : call.Get(_noTty) ? false
            : null;
        var line = string.Join(' ', call.Get(_command)!);
        using var cloud = await call.ConnectAsync();
        var number = await call.JobAsync(cloud, _jid);
        var open = JobTerminals.Request(call.Terminal, number, line, pty, call.Get(_timeout));
        var end = await JobTerminals.RunAsync(call, cloud, open);
        return await JobTerminals.ReportAsync(call, cloud, number, end);
    }
}
