using System.CommandLine;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Batches;
using JobCloud.Tui.Headless.Help;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class BatchCommand : CloudCommand, IListedCommand
{
    private readonly Argument<string?> _file = Arg.OptionalText(
        "FILE",
        "file with JSON lines (default: stdin)"
    );

    public BatchCommand()
        : base(CommandName, Summary) => Add(_file);

    public static string CommandName => "batch";
    public static string Summary =>
        "Read one JSON request per line and print one JSON answer per line.";

    public override string Details =>
        $$$$"""
            Each line is an object with one request and an optional "id" (default: the line number), which the
            answer repeats. Lines are carried out and answered in their order; consecutive submissions, and
            consecutive requests that change nothing, together:
              {"exec": {"command": "sort {f}", "data": {"f": "@a.txt"}}}   {"id": 1, "jid": 7}
              {"mapexec": {"command": "echo {i}", "range": "1-10"}}        {"id": 2, "first": 8, "last": 17, "count": 10}
              {"id": "s", "status": "7-9"}                                 {"id": "s", "jobs": [{"jid": 7, …}]}
              {"info": "7", "items": "stdout,runtime"}                     {"id": 4, "info": {"7": {…}}}
              {"kill": "7"}, {"delete": "7"}, {"retry": "7"}               {"id": 5, "selected": 1, "changed": 1}
              {"ls": "status=queued", "limit": 20, "expand": false}        {"id": 6, "jobs": […]}
              a refused request                                            {"id": 7, "error": {…}}
            {{{{Members()}}}}
            The exit code is 3 if any line was refused.
            """;

    private static string Members()
    {
        var ofJobs = JobAttributes.All.Where(a => a.IsFor(SubmissionKind.Job));
        var ofMaps = JobAttributes.All.Where(a => a.IsFor(SubmissionKind.Map)).Except(ofJobs);
        return HelpText.Wrap(
            "The members of exec and mapexec are the options of these commands, with _ instead of -: "
                + $"command, {Listed(ofJobs)}; mapexec also takes {Listed(ofMaps)}."
        );

        static string Listed(IEnumerable<JobAttribute> attributes) =>
            string.Join(", ", attributes.Select(attribute => attribute.Member));
    }

    public override string[] Examples =>
        [
            "jobcloud batch requests.jsonl",
            "seq 1000 | sed 's/.*/{\"exec\": \"echo &\"}/' | jobcloud batch",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var input = Open(call);
        var answers = new BatchAnswers(
            call.Terminal.Output,
            new BatchAnswerWriter(() => call.Now),
            BatchSession.Window
        );
        using var cloud = await call.ConnectAsync();
        using var files = UploadProgress.Files(call.Terminal);
        var session = new BatchSession(
            new LineReader(input),
            new BatchReader(
                call.Terminal,
                SubmissionSender.PlaceOf(call.Terminal.Submitter, cloud),
                files
            ),
            answers,
            files
        );
        await session.RunAsync(cloud);
        return new Report.Ended(
            answers.AllSucceeded ? CommandExitCodes.Success : CommandExitCodes.Refused
        );
    }

    private Stream Open(Invocation call)
    {
        if (call.Get(_file) is not { } path || path == "-")
            return call.Terminal.Input;
        try
        {
            return File.OpenRead(call.Terminal.Absolute(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandErrorException(CommandError.Usage($"Cannot read the file {path}."));
        }
    }
}
