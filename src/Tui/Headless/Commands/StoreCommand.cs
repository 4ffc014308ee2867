using System.CommandLine;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Works on the store of this machine's home, which only its owner can read: the program
/// of the node does so in place of this one.</summary>
internal sealed class StoreCommand : CloudCommand, IListedCommand
{
    public StoreCommand()
        : base(CommandName, Summary)
    {
        Add(new Verb("backup", "Write the jobs, results and settings into one file."));
        Add(new Verb("restore", "Put a backup into a home without a store.", replaces: true));
        Add(new Verb("check", "Check the files, every job and the index; exit 3 if damaged."));
        Add(new Verb("export", "Print all jobs, one JSON object a line."));
        Add(new Verb("stats", "Show what uses how much."));
    }

    public static string CommandName => "store";
    public static string Summary => "Back up, restore, check, export or measure the store.";

    public override string[] Examples =>
        [
            "jobcloud store backup /backups/jobcloud.tar",
            "jobcloud node stop && jobcloud store restore /backups/jobcloud.tar --replace",
            "jobcloud store check",
            "jobcloud store export | gzip > jobs.jsonl.gz",
        ];

    public override string Details =>
        "These commands use the files of $JOBCLOUD_HOME on this machine; only 'restore' needs a stopped node.\n"
        + "A backup contains the jobs, environments, volumes, tokens, the deny list, results, output, the\n"
        + "settings and the node's names. It contains no directories of jobs, and no keys, certificates or\n"
        + "identity, so a node that uses it on another machine is a new node. After a restore, JobCloud\n"
        + "skips more than a million jids, so that it reuses none. Back up a PostgreSQL store with pg_dump.";

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage(
                $"Missing subcommand; use '{Name} backup', 'restore', 'check', 'export' or 'stats'."
            )
        );

    private sealed class Verb : CloudCommand
    {
        private readonly Argument<string>? _file;
        private readonly Option<bool>? _replace;

        public Verb(string name, string summary, bool replaces = false)
            : base(name, summary)
        {
            if (name is "backup" or "restore")
                Add(_file = Arg.Text("FILE", "file of the backup"));
            if (replaces)
                Add(_replace = Opt.Flag("--replace", "set the present store aside"));
        }

        public override Task<Report> RunAsync(Invocation call)
        {
            if (call.Terminal.Find(JobCloudProgram.Node) is { } program)
                Posix.Exec([program, "store", Name, .. Given(call)]);
            return Task.FromResult<Report>(
                new CommandError(
                    ErrorKinds.NotInstalled,
                    $"{JobCloudProgram.Node} was not found in {call.Terminal.Programs}; install it there."
                )
            );
        }

        private IEnumerable<string> Given(Invocation call)
        {
            if (_file is not null)
                yield return call.Terminal.Absolute(call.Get(_file)!);
            if (_replace is not null && call.Get(_replace))
                yield return "--replace";
            if (Name == "stats" && call.Format is OutputFormat.Json)
                yield return "--json";
            yield return "--home";
            yield return call.Settings.Paths.Home;
        }
    }
}
