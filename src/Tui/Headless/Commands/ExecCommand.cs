using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ExecCommand : SubmissionCommand, IListedCommand
{
    private readonly Option<bool> _wait = Opt.Flag(
        "--wait",
        "wait until the job finishes, as join does"
    );
    private readonly Option<bool> _follow = Opt.Flag(
        "--follow",
        "print the output while the job runs and exit with its exit code",
        "-f"
    );

    public ExecCommand()
        : base(SubmissionKind.Job, CommandName, Summary)
    {
        Add(_wait);
        Add(_follow);
    }

    public static string CommandName => "exec";
    public static string Summary => "Submit one job and print its jid.";

    public override string[] Examples =>
        [
            "jobcloud exec -c 2 --label night make -j2",
            "jobcloud exec -f 'for i in {1..3}; do echo $i; sleep 1; done'",
            "jobcloud exec python3 -c 'print(6 * 7)'",
            "jobcloud exec -d in=@data.csv sort {in}",
            "jobcloud exec -x 10-19 ./reduce",
        ];

    protected override async Task<Report> SubmittedAsync(
        Invocation call,
        CloudConnection cloud,
        SubmitReply reply,
        SubmitRequest request
    )
    {
        if (call.Get(_follow))
        {
            var jid = new Jid(reply.First);
            // Output, notes and the reason why it waits may be written at the same time.
            var terminal = call.Terminal with
            {
                Error = TextWriter.Synchronized(call.Terminal.Error),
            };
            terminal.Error.WriteLine($"Job {jid}");
            call.WaitFor(JidRuns.One(jid));
            var following = OutputFollower.RunAsync(cloud, jid, terminal);
            return await WaitNotice.WhileAsync(following, cloud, jid, terminal);
        }
        var report = SubmissionSteps.Submitted(request, reply);
        return call.Get(_wait)
            ? await SubmissionSteps.WaitAsync(cloud, reply, report, call)
            : report;
    }
}
