using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class EnvCommand : DefinitionCommand, IListedCommand
{
    public EnvCommand()
        : base(
            CommandName,
            Summary,
            DefinitionKind.Environment,
            new CreateEnvironmentCommand(),
            new EditEnvironmentCommand()
        ) { }

    public static string CommandName => "env";
    public static string Summary => "Create, list, show, edit or delete environments (exec -e).";

    public override string[] Examples =>
        [
            "jobcloud env create tex --path /opt/texlive/bin -E TEXMFHOME=/srv/texmf",
            "jobcloud env create py --setup '. /srv/venv/bin/activate'",
            "jobcloud env edit tex -E TEXMFHOME=/srv/texmf2 --unset TEXINPUTS",
            "jobcloud env create debian --root /srv/roots/debian --read-only",
            "jobcloud exec -w . -e py python train.py",
        ];

    public override string Details =>
        "An environment sets the variables, PATH and setup line of a job and, optionally, its root file system:\n"
        + "a directory that the job sees as /. A root requires bubblewrap on the node ('jobcloud nodes' shows\n"
        + "it) and /bin/sh in the root. A job keeps the environment that it was submitted with. Environments\n"
        + "that the node's settings define cannot be changed here. 'show' and 'list' give the values of variables\n"
        + "only to the creator of an environment and to admins; jobs that use it can read them.";
}

internal sealed class CreateEnvironmentCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "letters, digits, '-' and '_'");
    private readonly Option<string[]> _variables = Opt.Texts(
        "--os-env",
        "K=VALUE",
        "environment variable; K=@FILE takes a file's content, K your own value; repeatable",
        "-E"
    );
    private readonly Option<string[]> _path = Opt.Texts(
        "--path",
        "DIR",
        "directory to prepend to PATH; repeatable"
    );
    private readonly Option<string?> _setup = Opt.Text(
        "--setup",
        "LINE",
        "shell line to run before the command, in the same shell; if it fails, so does the job"
    );
    private readonly Option<string?> _root = Opt.Text(
        "--root",
        "DIR",
        "directory that jobs see as /"
    );
    private readonly Option<bool> _readOnly = Opt.Flag(
        "--read-only",
        "make the root read-only for jobs"
    );

    public CreateEnvironmentCommand()
        : base("create", "Create an environment.")
    {
        Add(_name);
        Add(_variables);
        Add(_path);
        Add(_setup);
        Add(_root);
        Add(_readOnly);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        var environment = new EnvironmentDefinition
        {
            Name = call.Get(_name),
            Setup = call.Get(_setup) ?? "",
            Root = call.Get(_root) is { } directory ? call.Terminal.Absolute(directory) : "",
            ReadOnly = call.Get(_readOnly),
        };
        if (EnvironmentOptions.Set(environment, call.Get(_variables)!, call) is { } error)
            return error;
        environment.Path.AddRange(call.Get(_path)!);
        return await DefinitionCommand.CreateAsync(new() { Environment = environment }, call);
    }
}
