using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class MapExecCommand : CloudCommand, IListed
{
    private readonly SubmissionOptions submission = new();
    private readonly Option<string[]> mapData = Opt.Texts(
        "--map-data",
        "P=V1,V2",
        "values of {P}, one a job; \\, is a comma; @FILE sends a file along; repeatable",
        "-n"
    );
    private readonly Option<string[]> argFile = Opt.Texts(
        "--arg-file",
        "P=FILE",
        "values of {P}, one a line; repeatable",
        "-N"
    );
    private readonly Option<int?> copies = Opt.Number(
        "--copies",
        "N",
        "the whole list N times (default 1)",
        1,
        "-k"
    );
    private readonly Option<string[]> range = Opt.Texts(
        "--range",
        "[P=]A-B[:STEP]",
        "the numbers from A to B as values of {P} (default {i}); repeatable"
    );
    private readonly Option<string?> json = Opt.Text(
        "--json",
        "FILE",
        "one JSON object a line, one a job; its keys are parameters"
    );
    private readonly Option<int?> maxParallel = Opt.Number(
        "--max-parallel",
        "N",
        "at most N at once",
        1
    );
    private readonly Option<int?> maxFails = Opt.Number(
        "--max-fails",
        "N",
        "kill the rest once N have failed",
        1
    );
    private readonly Option<bool> wait = Opt.Flag("--wait", "wait for their ends, as join does");

    public MapExecCommand()
        : base(Word, Summary)
    {
        submission.AddTo(this);
        Option[] options = [mapData, argFile, copies, range, json, maxParallel, maxFails, wait];
        foreach (var option in options)
            Add(option);
    }

    public static string Word => "mapexec";
    public static string Summary => "Submit one job per element; print their jids as first-last.";
    public override bool TakesCommandLine => true;

    public override string Details =>
        "Lists are walked side by side and must be equally long; a list repeats as a whole with -k.";

    public override string[] Examples =>
        [
            "jobcloud mapexec -n f=a.txt,b.txt,c.txt gzip {f}",
            "jobcloud mapexec --range 1-100 ./simulate --seed {i}",
            "jobcloud mapexec -N url=urls.txt --max-parallel 4 curl -sO {url}",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = Read(call);
        if (!request.Ok)
            return Trouble.Usage(request.Error.Message);
        if (Submission.Check(request.Value) is { } trouble)
            return trouble;

        using var cloud = await call.ConnectAsync();
        var reply = await Submission.SendAsync(cloud, request.Value);
        if (submission.IsDryRun(call))
            return Submission.Checked(call.Terminal, request.Value.Count);
        var report = Submission.Submitted(reply, isMap: true);
        return call.Get(wait) ? await Submission.WaitAsync(cloud, reply, report, call) : report;
    }

    private Parsed<SubmitRequest> Read(Invocation call)
    {
        var request = submission.Read(call);
        if (!request.Ok)
            return request;
        var texts = new MapTexts(
            call.Get(mapData)!,
            call.Get(argFile)!,
            call.Get(range)!,
            call.Get(json),
            call.Get(copies) ?? 1
        );
        var plan = texts.Read(
            request.Value.Spec.Command,
            (path, beside) => Files(call.Terminal, beside).TryRead(path)
        );
        if (!plan.Ok)
            return plan.Error;
        request.Value.IsMap = true;
        request.Value.Count = plan.Value.Count;
        request.Value.Columns.AddRange(plan.Value.Columns);
        request.Value.Spec.MaxParallel = call.Get(maxParallel) ?? 0;
        request.Value.Spec.MaxFails = call.Get(maxFails) ?? 0;
        return request;
    }

    private static SentFiles Files(Terminal terminal, string? beside) =>
        new(terminal, beside is null ? null : Path.GetDirectoryName(terminal.Absolute(beside)));
}
