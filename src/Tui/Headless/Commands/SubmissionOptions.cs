using System.CommandLine;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>What <c>exec</c>, <c>mapexec</c> and <c>exec-shell</c> have in common: a job's attributes and,
/// but for the last, a command line.</summary>
internal sealed class SubmissionOptions(bool forShell = false)
{
    private readonly Argument<string[]> command = Arg.Words(
        "COMMAND",
        "the command, to the end of the line; the shell reads its words with blanks between, as by ssh",
        required: true
    );
    private readonly Option<string?> type = Opt.Text(
        "--type",
        "TYPE",
        "core type: c1, c2, f2, m1 or s1 (default c1)",
        "-t"
    );
    private readonly Option<int?> cores = Opt.Number("--cores", "N", "cores (default 1)", 1, "-c");
    private readonly Option<long?> memory = Opt.Size("--memory", "memory (default: by type)");
    private readonly Option<string?> environment = Opt.Text(
        "--env",
        "NAME",
        "environment: variables, PATH, setup line, root file system (see 'env')",
        "-e"
    );
    private readonly Option<string[]> volumes = Opt.Texts(
        "--vol",
        "NAME",
        "volume to bind in (see 'volume'); repeatable",
        "-v"
    );
    private readonly Option<string?> isolate = Opt.Choice(
        "--isolate",
        "WHAT",
        "network: a network of its own, with loopback alone",
        [Network]
    );
    private readonly Option<string?> label = Opt.Text(
        "--label",
        "TEXT",
        "label to find it by",
        "-l"
    );
    private readonly Option<string?> returnFile = Opt.Text(
        "--return",
        "FILE",
        "the result is this file afterwards, not stdout",
        "-r"
    );
    private readonly Option<bool> ignoreExitStatus = Opt.Flag(
        "--ignore-exit-status",
        "a nonzero exit is done all the same",
        "-i"
    );
    private readonly Option<string?> cwd = Opt.Text(
        "--cwd",
        "DIR",
        "working directory (default: a fresh one)",
        "-w"
    );
    private readonly Option<TimeSpan?> maxRuntime = Opt.Duration(
        "--max-runtime",
        "kill it after so many minutes, or 90s, 1h30m",
        TimeSpan.FromMinutes(1),
        "-m"
    );
    private readonly Option<Selection?> dependsOn = new("--depends-on", "-x")
    {
        Description = "wait until these have ended",
        HelpName = "JIDS",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = static result =>
        {
            var parsed = Jids.Parse(result.Tokens[0].Value);
            if (!parsed.Ok)
                result.AddError($"--depends-on: {parsed.Error.Message}");
            return parsed.Value;
        },
    };
    private readonly Option<string?> dependsOnErrors = Opt.Choice(
        "--depends-on-errors",
        "POLICY",
        "abort: stall unless all ended done; ignore: any end will do (default abort)",
        ["abort", "ignore"]
    );
    private readonly Option<bool> notRestartable = Opt.Flag(
        "--not-restartable",
        "end error, not start again, when its node is lost"
    );
    private readonly Option<int?> priority = Opt.Number(
        "--priority",
        "N",
        $"lower first (default {(forShell ? ShellPriority : DefaultPriority)})",
        int.MinValue
    );
    private readonly Option<string[]> data = Opt.Texts(
        "--data",
        "P=VALUE",
        "value of {P}; @FILE sends the file along; repeatable",
        "-d"
    );
    private readonly Option<string[]> variables = Opt.Texts(
        "--os-env",
        "K=VALUE",
        "environment variable; repeatable",
        "-E"
    );
    private readonly Option<string?> stdin = Opt.Text(
        "--stdin",
        "FILE",
        "its standard input; - is ours"
    );
    private readonly Option<int?> retries = Opt.Number(
        "--retries",
        "N",
        "try again after a bad exit (default 0)",
        0
    );
    private readonly Option<TimeSpan?> backoff = Opt.Duration(
        "--backoff",
        "pause before each retry"
    );
    private readonly Option<bool> profile = Opt.Flag(
        "--profile",
        "record what it spends its time in"
    );
    private readonly Option<string?> requestId = Opt.Text(
        "--request-id",
        "TOKEN",
        "the same token twice: submitted once"
    );
    private readonly Option<string?> shell = Opt.Text(
        "--shell",
        "PATH",
        "shell to run it with; none: no shell"
    );
    private readonly Option<bool> dryRun = Opt.Flag("--dry-run", "check all, submit nothing");

    public bool IsDryRun(Invocation call) => call.Get(dryRun);

    public void AddTo(Command target)
    {
        if (!forShell)
            target.Add(command);
        Option[] place = [type, cores, memory, environment, volumes, isolate, label];
        Option[] ofCommand =
        [
            returnFile,
            ignoreExitStatus,
            notRestartable,
            data,
            stdin,
            retries,
            backoff,
            profile,
            shell,
        ];
        Option[] time = [cwd, maxRuntime, dependsOn, dependsOnErrors, priority];
        Option[] rest = [variables, requestId, dryRun];
        foreach (var option in (Option[])[.. place, .. forShell ? [] : ofCommand, .. time, .. rest])
            target.Add(option);
    }

    /// <summary>The request as far as one job goes, its files read; nothing is checked yet.</summary>
    public Parsed<SubmitRequest> Read(Invocation call)
    {
        var files = new SentFiles(call.Terminal);
        var spec = Attributes(call);
        foreach (var text in call.Get(data) ?? [])
        {
            var parameter = MapSources.Data(text, files.TryRead);
            if (!parameter.Ok)
                return parameter.Error with { Message = $"--data: {parameter.Error.Message}" };
            spec.Data.Add(parameter.Value);
        }
        foreach (var text in call.Get(variables)!)
        {
            var variable = VariableText.Parse(text);
            if (!variable.Ok)
                return variable.Error with { Message = $"--os-env: {variable.Error.Message}" };
            spec.Variables.Add(variable.Value);
        }
        if (call.Get(stdin) is { } file)
        {
            if (ReadStdin(file, files, call.Terminal) is not { } content)
                return new TextError(0, file.Length, $"--stdin: the file {file} cannot be read.");
            spec.Stdin = content;
        }
        return new SubmitRequest
        {
            Spec = spec,
            Dependencies = call.Get(dependsOn),
            RequestId = call.Get(requestId) ?? "",
            DryRun = call.Get(dryRun),
        };
    }

    private static ByteString? ReadStdin(string file, SentFiles files, Terminal terminal) =>
        file == "-" ? ByteString.FromStream(terminal.Input) : files.TryRead(file);

    private JobSpec Attributes(Invocation call)
    {
        var spec = new JobSpec
        {
            Command = forShell ? "" : CommandLine.Join(call.Get(command)!),
            CoreType = call.Get(type) ?? "",
            Cores = call.Get(cores) ?? 1,
            MemoryBytes = call.Get(memory) ?? 0,
            Environment = call.Get(environment) ?? "",
            IsolateNetwork = call.Get(isolate) == Network,
            Label = call.Get(label) ?? (forShell ? ShellLabel : ""),
            ReturnFile = call.Get(returnFile) ?? "",
            IgnoreExitStatus = call.Get(ignoreExitStatus),
            WorkingDirectory = call.Get(cwd) is { } directory
                ? call.Terminal.Absolute(directory)
                : "",
            MaxRuntimeMs = (long)(call.Get(maxRuntime)?.TotalMilliseconds ?? 0),
            DependsOnErrors =
                call.Get(dependsOnErrors) == "ignore"
                    ? DependencyPolicy.Ignore
                    : DependencyPolicy.Abort,
            NotRestartable = forShell || call.Get(notRestartable),
            Priority = call.Get(priority) ?? (forShell ? ShellPriority : DefaultPriority),
            Retries = call.Get(retries) ?? 0,
            RetryBackoffMs = (long)(call.Get(backoff)?.TotalMilliseconds ?? 0),
            Profile = call.Get(profile),
            Shell = call.Get(shell) ?? "",
        };
        spec.Volumes.AddRange(call.Get(volumes)!);
        return spec;
    }

    /// <summary>The value of <c>--isolate</c>.</summary>
    public const string Network = "network";

    /// <summary>The priority of a job that names none.</summary>
    public const int DefaultPriority = 5;

    // As the original had it: somebody sits and waits.
    private const int ShellPriority = 1;
    private const string ShellLabel = "exec-shell";
}
