using System.CommandLine;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ExecCommand : CloudCommand, IListed
{
    private readonly SubmissionOptions submission = new();
    private readonly Option<bool> wait = Opt.Flag("--wait", "wait for its end, as join does");
    private readonly Option<bool> follow = Opt.Flag(
        "--follow",
        "show its output as it comes, and exit with its code",
        "-f"
    );

    public ExecCommand()
        : base(Word, Summary)
    {
        submission.AddTo(this);
        Add(wait);
        Add(follow);
    }

    public static string Word => "exec";
    public static string Summary => "Submit one job; print its jid.";
    public override bool TakesCommandLine => true;

    public override string[] Examples =>
        [
            "jobcloud exec -c 2 --label night make -j2",
            "jobcloud exec -f 'for i in {1..3}; do echo $i; sleep 1; done'",
            "jobcloud exec 'python3 -c \"print(6 * 7)\"'",
            "jobcloud exec -d in=@data.csv sort {in}",
            "jobcloud exec -x 10-19 ./reduce",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = submission.Read(call);
        if (!request.Ok)
            return Trouble.Usage(request.Error.Message);
        request.Value.Count = 1;
        if (Submission.Check(request.Value) is { } trouble)
            return trouble;

        using var cloud = await call.ConnectAsync();
        var reply = await Submission.SendAsync(cloud, request.Value);
        if (submission.IsDryRun(call))
            return Submission.Checked(call.Terminal, 1);
        if (call.Get(follow))
        {
            call.Terminal.Error.WriteLine($"Job {reply.First}");
            return await Following.RunAsync(cloud, reply.First, call.Terminal);
        }
        var report = Submission.Submitted(reply, isMap: false);
        return call.Get(wait) ? await Submission.WaitAsync(cloud, reply, report, call) : report;
    }
}
