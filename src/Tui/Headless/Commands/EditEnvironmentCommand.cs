using System.CommandLine;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Reads what the options say about an environment.</summary>
internal static class EnvironmentOptions
{
    /// <summary>Sets variables; each replaces one of the same name.</summary>
    public static CommandError? Set(
        EnvironmentDefinition environment,
        IEnumerable<string> texts,
        Invocation call
    )
    {
        var source = new SubmissionSource(call.Terminal.Submitter);
        foreach (var text in texts)
        {
            var variable = VariableText.Parse(text, source);
            if (!variable.Ok)
                return CommandError.Usage($"--os-env: {variable.Error.Message}");
            var same = environment.Variables.FirstOrDefault(one => one.Name == variable.Value.Name);
            if (same is not null)
                same.Value = variable.Value.Value;
            else
                environment.Variables.Add(variable.Value);
        }
        return null;
    }
}

internal sealed class EditEnvironmentCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the environment");
    private readonly Option<string[]> _variables = Opt.Texts(
        "--os-env",
        "K=VALUE",
        "add or change a variable; as in 'create'; repeatable",
        "-E"
    );
    private readonly Option<string[]> _unset = Opt.Texts(
        "--unset",
        "K",
        "remove a variable; repeatable"
    );
    private readonly Option<string[]> _path = Opt.Texts(
        "--path",
        "DIR",
        "replace the directories to prepend to PATH; '' for none; repeatable"
    );
    private readonly Option<string?> _setup = Opt.Text(
        "--setup",
        "LINE",
        "replace the setup line; '' for none"
    );
    private readonly Option<string?> _root = Opt.Text(
        "--root",
        "DIR",
        "replace the root; '' for none"
    );
    private readonly Option<bool> _readOnly = Opt.Flag(
        "--read-only",
        "make the root read-only for jobs"
    );
    private readonly Option<bool> _writable = Opt.Flag("--writable", "make the root writable");

    public EditEnvironmentCommand()
        : base("edit", "Change an environment; submitted jobs keep the earlier definition.")
    {
        Add(_name);
        Add(_variables);
        Add(_unset);
        Add(_path);
        Add(_setup);
        Add(_root);
        Add(_readOnly);
        Add(_writable);
    }

    public override Task<Report> RunAsync(Invocation call) =>
        DefinitionCommand.EditAsync(
            DefinitionKind.Environment,
            call.Get(_name)!,
            definition => Change(definition, call),
            call
        );

    private CommandError? Change(Definition definition, Invocation call)
    {
        var environment = definition.Environment;
        if (definition.ValuesHidden)
            return new CommandError(
                ErrorKinds.NotAllowed,
                $"The environment '{environment.Name}' is another user's; only its creator or an admin may change it."
            );
        foreach (var name in call.Get(_unset)!)
        {
            if (environment.Variables.FirstOrDefault(one => one.Name == name) is not { } variable)
                return CommandError.Usage(
                    $"--unset: the environment '{environment.Name}' has no variable '{name}'."
                );
            environment.Variables.Remove(variable);
        }
        if (call.Get(_path) is { Length: > 0 } path)
        {
            environment.Path.Clear();
            environment.Path.AddRange(path.Where(static one => one.Length > 0));
        }
        environment.Setup = call.Get(_setup) ?? environment.Setup;
        if (call.Get(_root) is { } root)
            environment.Root = root.Length > 0 ? call.Terminal.Absolute(root) : "";
        environment.ReadOnly =
            environment.Root.Length > 0
            && (environment.ReadOnly || call.Get(_readOnly))
            && !call.Get(_writable);
        return EnvironmentOptions.Set(environment, call.Get(_variables)!, call);
    }
}
