using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>Limits of a submission and the core types (<c>jobcloud.limits</c>,
/// <c>jobcloud.core-types</c>).</summary>
internal static class LimitSettings
{
    private const string DefaultType = "jobcloud.default-core-type";
    private const string Types = "jobcloud.core-types";

    public static SubmissionLimits Read(SettingsReader read)
    {
        var preset = new SubmissionLimits(CoreTypes.Presets);
        return preset with
        {
            FileBytes = read.Size(
                "jobcloud.limits.max-submission-size",
                SettingText.OfSize(preset.FileBytes),
                "Largest submission with its parameters: it is one journal row and one message "
                    + "between nodes. Files of more than 4 KiB do not count: the cloud keeps them "
                    + "apart.",
                least: 64 << 10,
                most: 1 << 30
            ),
            BlobBytes = read.Size(
                "jobcloud.limits.max-file-size",
                SettingText.OfSize(preset.BlobBytes),
                "Largest file sent along with a job, or standard input.",
                least: 64 << 10
            ),
            BlobsBytes = read.Size(
                "jobcloud.limits.max-files-size",
                SettingText.OfSize(preset.BlobsBytes),
                "Maximum size of all files that one submission sends along; a file that several jobs "
                    + "of a map get counts once.",
                least: 64 << 10
            ),
            MapSize = read.Count(
                "jobcloud.limits.max-map-size",
                (int)preset.MapSize,
                "Maximum number of jobs in one map; a larger map is probably a mistake."
            ),
            Retries = read.Count(
                "jobcloud.limits.max-retries",
                preset.Retries,
                "Maximum number of retries of one job (`--retries`).",
                least: 0
            ),
            CoreTypes = ReadCoreTypes(read),
        };
    }

    private static CoreTypes ReadCoreTypes(SettingsReader read)
    {
        var presets = CoreTypes.Presets.All;
        var named = read.Text(
            DefaultType,
            "",
            "Core type of jobs that name none: its limits bind. Empty: such jobs have no limits; "
                + "each counts as one core and its share of the node's memory."
        );
        read.Section(
            Types,
            "Memory per core by type: presets of memory, which do not choose a kind of core. The "
                + "settings file can add types."
        );
        var given = read.Names(Types).Except(presets.Select(type => type.Name));
        CoreType[] types =
        [
            .. presets.Select(type =>
                type with
                {
                    MemoryPerCoreBytes = read.Size(
                        Key(type.Name),
                        SettingText.OfSize(type.MemoryPerCoreBytes),
                        ""
                    ),
                }
            ),
            .. given.Select(name => new CoreType(name, read.Size(Key(name)))),
        ];
        if (named.Length > 0 && !types.Any(type => type.Name == named))
            read.Refuse(
                DefaultType,
                $"one of {string.Join(", ", types.Select(type => type.Name))}"
            );
        return new(types) { Default = named };
    }

    private static string Key(string type) => $"{Types}.{type}.memory-per-core";
}
