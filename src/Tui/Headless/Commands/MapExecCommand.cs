using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class MapExecCommand : SubmissionCommand, IListed
{
    private readonly Option<bool> _wait = Opt.Flag("--wait", "wait for their ends, as join does");

    public MapExecCommand()
        : base(SubmissionKind.Map, Word, Summary) => Add(_wait);

    public static string Word => "mapexec";
    public static string Summary => "Submit one job per element; print their jids as first-last.";

    public override string Details =>
        "Lists are walked side by side and must be equally long; a list repeats as a whole with -k.";

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
        var report = Submission.Submitted(reply, isMap: true);
        return call.Get(_wait) ? await Submission.WaitAsync(cloud, reply, report, call) : report;
    }
}
