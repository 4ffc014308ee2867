using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class VolumeCommand : DefinitionCommand, IListedCommand
{
    public VolumeCommand()
        : base(
            CommandName,
            Summary,
            DefinitionKind.Volume,
            new CreateVolumeCommand(),
            new EditVolumeCommand()
        ) { }

    public static string CommandName => "volume";
    public static string Summary => "Create, list, show, edit or delete volumes (exec -v).";

    public override string[] Examples =>
        [
            "jobcloud volume create data /srv/data /data --read-only",
            "jobcloud volume edit data --directory /srv/data2",
            "jobcloud exec -v data 'wc -l /data/*'",
        ];

    public override string Details =>
        "A volume is a directory of the node that jobs see at the mount path. It requires bubblewrap on the\n"
        + "node ('jobcloud nodes' shows it). If nodes do not share the directory, each node uses its own. A\n"
        + "job keeps the volumes that it was submitted with.";
}

internal sealed class CreateVolumeCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "letters, digits, '-' and '_'");
    private readonly Argument<string> _directory = Arg.Text("DIRECTORY", "directory on the node");
    private readonly Argument<string> _mountPath = Arg.Text("MOUNT_PATH", "path where jobs see it");
    private readonly Option<bool> _readOnly = Opt.Flag(
        "--read-only",
        "make the volume read-only for jobs"
    );

    public CreateVolumeCommand()
        : base("create", "Create a volume; its directory stays unchanged.")
    {
        Add(_name);
        Add(_directory);
        Add(_mountPath);
        Add(_readOnly);
    }

    public override Task<Report> RunAsync(Invocation call) =>
        DefinitionCommand.CreateAsync(
            new()
            {
                Volume = new VolumeDefinition
                {
                    Name = call.Get(_name),
                    Directory = call.Terminal.Absolute(call.Get(_directory)!),
                    MountPath = call.Get(_mountPath),
                    ReadOnly = call.Get(_readOnly),
                },
            },
            call
        );
}

internal sealed class EditVolumeCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the volume");
    private readonly Option<string?> _directory = Opt.Text(
        "--directory",
        "DIR",
        "replace the directory on the node"
    );
    private readonly Option<string?> _mountPath = Opt.Text(
        "--mount-path",
        "PATH",
        "replace the path where jobs see it"
    );
    private readonly Option<bool> _readOnly = Opt.Flag(
        "--read-only",
        "make the volume read-only for jobs"
    );
    private readonly Option<bool> _writable = Opt.Flag("--writable", "make the volume writable");

    public EditVolumeCommand()
        : base("edit", "Change a volume; submitted jobs keep the earlier definition.")
    {
        Add(_name);
        Add(_directory);
        Add(_mountPath);
        Add(_readOnly);
        Add(_writable);
    }

    public override Task<Report> RunAsync(Invocation call) =>
        DefinitionCommand.EditAsync(
            DefinitionKind.Volume,
            call.Get(_name)!,
            definition =>
            {
                Change(definition.Volume, call);
                return null;
            },
            call
        );

    private void Change(VolumeDefinition volume, Invocation call)
    {
        if (call.Get(_directory) is { } directory)
            volume.Directory = call.Terminal.Absolute(directory);
        volume.MountPath = call.Get(_mountPath) ?? volume.MountPath;
        volume.ReadOnly = (volume.ReadOnly || call.Get(_readOnly)) && !call.Get(_writable);
    }
}
