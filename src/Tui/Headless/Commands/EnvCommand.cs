using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class EnvCommand : DefinitionCommand, IListed
{
    public EnvCommand()
        : base(Word, Summary, DefinitionKind.Environment, new CreateEnvironmentCommand()) { }

    public static string Word => "env";
    public static string Summary => "Create, list, show or delete environments (exec -e).";

    public override string[] Examples =>
        [
            "jobcloud env create tex --path /opt/texlive/bin -E TEXMFHOME=/srv/texmf",
            "jobcloud env create py --setup '. /srv/venv/bin/activate'",
            "jobcloud env create debian --root /srv/roots/debian --read-only",
            "jobcloud exec -e py python train.py",
        ];

    public override string Details =>
        "An environment is what a job finds around it: variables, directories before those of PATH, a\n"
        + "setup line, and, if it has one, a root file system: a directory that the job sees as /. That\n"
        + "needs bubblewrap on the node ('jobcloud nodes' shows it), and a /bin/sh in the root. Jobs keep\n"
        + "the environment that they were submitted with. Those of the settings cannot be deleted here.";
}

internal sealed class CreateEnvironmentCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "letters, digits, '-' and '_'");
    private readonly Option<string[]> _variables = Opt.Texts(
        "--os-env",
        "K=VALUE",
        "variable of its jobs; repeatable",
        "-E"
    );
    private readonly Option<string[]> _path = Opt.Texts(
        "--path",
        "DIR",
        "directory before those of PATH; repeatable"
    );
    private readonly Option<string?> _setup = Opt.Text(
        "--setup",
        "LINE",
        "shell, run before the command in the same shell; the job ends if it fails"
    );
    private readonly Option<string?> _root = Opt.Text(
        "--root",
        "DIR",
        "directory that its jobs see as /"
    );
    private readonly Option<bool> _readOnly = Opt.Flag(
        "--read-only",
        "its jobs cannot write to the root"
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
        foreach (var text in call.Get(_variables)!)
        {
            var equals = text.IndexOf('=');
            if (equals < 1)
                return Trouble.Usage($"--os-env: '{text}' is not NAME=VALUE.");
            environment.Variables.Add(
                new Variable { Name = text[..equals], Value = text[(equals + 1)..] }
            );
        }
        environment.Path.AddRange(call.Get(_path)!);
        return await DefinitionCommand.CreateAsync(new() { Environment = environment }, call);
    }
}
