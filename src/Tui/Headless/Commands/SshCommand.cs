using System.CommandLine;
using JobCloud.Protocol.Batches;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class SshCommand : CloudCommand, IListed
{
    private readonly Argument<long> _jid = Arg.Jid();
    private readonly Argument<string[]> _command = Arg.Words(
        "COMMAND",
        "what to run in it; without: a shell",
        required: false
    );
    private readonly Option<bool> _tty = Opt.Flag(
        "--tty",
        "give COMMAND a terminal, as programs with a screen need",
        "-t"
    );
    private readonly Option<bool> _noTty = Opt.Flag("--no-tty", "give a shell no terminal", "-T");
    private readonly Option<TimeSpan?> _timeout = Opt.Seconds(
        "--timeout",
        "how long to wait for the job to process (default: for ever)"
    );

    public SshCommand()
        : base(Word, Summary)
    {
        Add(_jid);
        Add(_command);
        Add(_tty);
        Add(_noTty);
        Add(_timeout);
    }

    public static string Word => "ssh";
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
        "It waits until the job is processing. The shell runs in the job: its directory, environment,\n"
        + "limits and end are the job's. The exit code is passed on; 3 where the job or its node ended\n"
        + "first. After a line's start, ~. breaks the connection off and ~~ types one ~.\n"
        + "Without a terminal, stdin, stdout and stderr stay apart and Ctrl-C interrupts COMMAND.";

    public override async Task<Report> RunAsync(Invocation call)
    {
        if (call.Get(_tty) && call.Get(_noTty))
            return Trouble.Usage("--tty and --no-tty exclude each other; give one of them.");
        bool? pty =
            call.Get(_tty) ? true
            : call.Get(_noTty) ? false
            : null;
        var number = call.Get(_jid);
        var line = CommandLine.Join(call.Get(_command)!);
        var open = Entering.Request(call.Terminal, number, line, pty, call.Get(_timeout));
        using var cloud = await call.ConnectAsync();
        var end = Entering.Run(call, cloud, open);
        return await Entering.ReportAsync(call, cloud, number, end);
    }
}
