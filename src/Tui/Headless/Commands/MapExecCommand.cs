using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class MapExecCommand : SubmissionCommand, IListedCommand
{
    private readonly Option<bool> _wait = Opt.Flag(
        "--wait",
        "wait until the jobs finish, as join does"
    );

    public MapExecCommand()
        : base(SubmissionKind.Map, CommandName, Summary) => Add(_wait);

    public static string CommandName => "mapexec";
    public static string Summary =>
        "Submit one job per element and print their jids as FIRST-LAST.";

    public override string Details =>
        "Job N gets the Nth value of each list, so all lists must have the same length. -k repeats them as a whole.";

    public override string[] Examples =>
        [
            "jobcloud mapexec -n f=a.txt,b.txt,c.txt gzip {f}",
            "jobcloud mapexec --range 1-100 ./simulate --seed {i}",
            "jobcloud mapexec -N url=urls.txt --max-parallel 4 curl -sO {url}",
        ];

    protected override async Task<Report> SubmittedAsync(
        Invocation call,
        CloudConnection cloud,
        SubmitReply reply,
        SubmitRequest request
    )
    {
        var report = SubmissionSteps.Submitted(request, reply);
        return call.Get(_wait)
            ? await SubmissionSteps.WaitAsync(cloud, reply, report, call)
            : report;
    }
}
