using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class VolumeCommand : DefinitionCommand, IListed
{
    public VolumeCommand()
        : base(Word, Summary, DefinitionKind.Volume, new CreateVolumeCommand()) { }

    public static string Word => "volume";
    public static string Summary => "Create, list, show or delete volumes (exec -v).";

    public override string[] Examples =>
        [
            "jobcloud volume create data /srv/data /data --read-only",
            "jobcloud exec -v data 'wc -l /data/*'",
        ];

    public override string Details =>
        "A volume is a directory of the node that a job finds at the mount path. That needs bubblewrap\n"
        + "on the node ('jobcloud nodes' shows it). Where nodes do not share the directory, each has its\n"
        + "own. Jobs keep the volumes that they were submitted with.";
}

internal sealed class CreateVolumeCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "letters, digits, '-' and '_'");
    private readonly Argument<string> _directory = Arg.Text("DIRECTORY", "on the node");
    private readonly Argument<string> _mountPath = Arg.Text("MOUNT_PATH", "where jobs find it");
    private readonly Option<bool> _readOnly = Opt.Flag("--read-only", "jobs cannot write to it");

    public CreateVolumeCommand()
        : base("create", "Create a volume; the directory stays as it is.")
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
