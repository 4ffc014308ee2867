using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Formats environments and volumes.</summary>
internal static class DefinitionViews
{
    private const string FromSettings = "(settings)";

    private static readonly string[] EnvironmentColumns =
    [
        "name",
        "variables",
        "path",
        "setup",
        "root",
        "read_only",
        "owner",
        "created",
    ];

    private static readonly string[] VolumeColumns =
    [
        "name",
        "directory",
        "mount_path",
        "read_only",
        "owner",
        "created",
    ];

    public static Report Table(DefinitionKind kind, DefinitionsReply reply, Invocation call)
    {
        var isVolume = kind == DefinitionKind.Volume;
        var rows = new List<TableCell[]>();
        foreach (var one in reply.Definitions)
            rows.Add([
                .. isVolume ? Cells(one.Volume) : Cells(one.Environment),
                TableCell.Of(Owner(one)),
                call.Instant(one.Created),
            ]);
        return new Report.Table(
            isVolume ? VolumeColumns : EnvironmentColumns,
            rows,
            () => DefinitionDocuments.Of(kind, reply)
        );
    }

    /// <summary>Formats one definition as lines <c>name: value</c>.</summary>
    public static Report Describe(Definition one, Invocation call)
    {
        var lines = new List<string>();
        if (one.Volume is { } volume)
        {
            AddLine("name", volume.Name);
            AddLine("directory", volume.Directory);
            AddLine("mount path", volume.MountPath);
            AddLine("read-only", YesOrNo(volume.ReadOnly));
        }
        else
        {
            var environment = one.Environment;
            AddLine("name", environment.Name);
            foreach (var variable in environment.Variables)
                AddLine(
                    "variable",
                    one.ValuesHidden ? $"{variable.Name} (hidden)" : VariableText.Show(variable)
                );
            foreach (var directory in environment.Path)
                AddLine("path", directory);
            AddLine("setup", environment.Setup);
            AddLine("root", environment.Root);
            if (environment.Root.Length > 0)
                AddLine("read-only", YesOrNo(environment.ReadOnly));
        }
        AddLine("owner", Owner(one));
        if (one.Created > 0)
            AddLine("created", Instants.Short(one.Created, call.OffsetAt(one.Created)));
        return new Report.Values(lines, () => DefinitionDocuments.Of(one));

        void AddLine(string name, string value)
        {
            if (value.Length > 0)
                lines.Add($"{name}: {value}");
        }
    }

    private static TableCell[] Cells(EnvironmentDefinition environment)
    {
        var names = new List<string>();
        foreach (var variable in environment.Variables)
            names.Add(variable.Name);
        return
        [
            TableCell.Of(environment.Name),
            TableCell.Of(string.Join(' ', names)),
            TableCell.Of(string.Join(':', environment.Path)),
            TableCell.Of(environment.Setup.Split('\n')[0]),
            TableCell.Of(environment.Root),
            TableCell.Of(environment.Root.Length > 0 ? YesOrNo(environment.ReadOnly) : ""),
        ];
    }

    private static TableCell[] Cells(VolumeDefinition volume) =>
        [
            TableCell.Of(volume.Name),
            TableCell.Of(volume.Directory),
            TableCell.Of(volume.MountPath),
            TableCell.Of(YesOrNo(volume.ReadOnly)),
        ];

    private static string Owner(Definition one) => one.Fixed ? FromSettings : one.Owner;

    private static string YesOrNo(bool value) => value ? "yes" : "no";
}
