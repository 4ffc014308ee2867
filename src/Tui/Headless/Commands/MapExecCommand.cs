using System.CommandLine;
using JobCloud.Protocol;
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
        var columns = Columns(call);
        if (!columns.Ok)
            return columns.Error;
        var plan = MapPlan.Zip(columns.Value, call.Get(copies) ?? 1);
        if (!plan.Ok)
        {
            return columns.Value.Count > 0
                ? plan.Error
                : new TextError(
                    0,
                    0,
                    "Give values with -n, -N, --range or --json, or -k 2 or more."
                );
        }
        request.Value.IsMap = true;
        request.Value.Count = plan.Value.Count;
        request.Value.Columns.AddRange(
            plan.Value.Columns.Where(column => !IsOnlyCounted(column, request.Value.Spec))
        );
        request.Value.Spec.MaxParallel = call.Get(maxParallel) ?? 0;
        request.Value.Spec.MaxFails = call.Get(maxFails) ?? 0;
        return request;
    }

    /// <summary>A range without a name, in a command that does not use it, only says how many.</summary>
    private static bool IsOnlyCounted(MapColumn column, JobSpec spec) =>
        column is { Name: MapSources.RangeParameter, Sequence: not null }
        && Template.Parse(spec.Command) is { Ok: true, Value: var template }
        && !template.Parameters.Contains(column.Name);

    private Parsed<List<MapColumn>> Columns(Invocation call)
    {
        var files = new SentFiles(call.Terminal);
        var columns = new List<MapColumn>();
        foreach (var text in call.Get(mapData)!)
        {
            var column = WithFiles(MapSources.Values(text), files);
            if (!column.Ok)
                return column.Error with { Message = $"--map-data: {column.Error.Message}" };
            columns.Add(column.Value);
        }
        foreach (var text in call.Get(argFile)!)
        {
            var column = OfFile(text, call.Terminal);
            if (!column.Ok)
                return column.Error with { Message = $"--arg-file: {column.Error.Message}" };
            columns.Add(column.Value);
        }
        foreach (var text in call.Get(range)!)
        {
            var column = MapSources.Range(text);
            if (!column.Ok)
                return column.Error with { Message = $"--range: {column.Error.Message}" };
            columns.Add(column.Value);
        }
        if (call.Get(json) is not { } path)
            return columns;
        if (files.TryReadText(path) is not { } content)
            return new TextError(0, path.Length, $"--json: the file {path} cannot be read.");
        var rows = JsonRows.Parse(content);
        if (!rows.Ok)
            return rows.Error with { Message = $"--json: {path}: {rows.Error.Message}" };
        columns.AddRange(rows.Value);
        return columns;
    }

    private static Parsed<MapColumn> OfFile(string text, Terminal terminal)
    {
        var binding = MapSources.Split(text);
        if (!binding.Ok)
            return binding.Error;
        var (name, path, _) = binding.Value;
        if (new SentFiles(terminal).TryReadText(path) is not { } content)
            return new TextError(0, text.Length, $"the file {path} cannot be read.");
        // Files that it names lie beside it, wherever we are.
        var folder = Path.GetDirectoryName(terminal.Absolute(path));
        return WithFiles(MapSources.Lines(name, content), new SentFiles(terminal, folder));
    }

    private static Parsed<MapColumn> WithFiles(Parsed<MapColumn> column, SentFiles files) =>
        column.Ok ? MapSources.WithFiles(column.Value, files.TryRead) : column;
}
