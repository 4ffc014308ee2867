using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>What one submission may be (<c>jobcloud.limits</c>,
/// <c>jobcloud.core-types</c>).</summary>
internal static class LimitSettings
{
    private const string DefaultType = "jobcloud.default-core-type";
    private const string Types = "jobcloud.core-types";

    public static SubmissionLimits Read(SettingsReader read)
    {
        var preset = new SubmissionLimits(CoreTypes.Default);
        return preset with
        {
            FileBytes = read.Size(
                "jobcloud.limits.max-submission-size",
                SettingText.OfSize(preset.FileBytes),
                "Largest submission with its parameters and files: it is one journal row and crosses nodes "
                    + "whole.",
                least: 64 << 10,
                most: 1 << 30
            ),
            MapSize = read.Count(
                "jobcloud.limits.max-map-size",
                (int)preset.MapSize,
                "Jobs in one map: a larger one is a mistake more often than a wish."
            ),
            Retries = read.Count(
                "jobcloud.limits.max-retries",
                preset.Retries,
                "Tries of a job after a failed one: more is a loop that somebody forgot.",
                least: 0
            ),
            CoreTypes = ReadCoreTypes(read),
        };
    }

    /// <summary>The default type stands first.</summary>
    private static CoreTypes ReadCoreTypes(SettingsReader read)
    {
        var presets = CoreTypes.Default.All;
        var named = read.Text(
            DefaultType,
            presets[0].Name,
            "The core type of a job that names none."
        );
        read.Section(
            Types,
            "Presets of memory per core, by name; a file may add its own. c1: most commands, c2: compilers "
                + "and the like, f2: fast cores, m1: large data, s1: scrapers."
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
        if (!types.Any(type => type.Name == named))
            read.Refuse(
                DefaultType,
                $"one of {string.Join(", ", types.Select(type => type.Name))}"
            );
        return new([.. types.OrderBy(type => type.Name != named)]);
    }

    private static string Key(string type) => $"{Types}.{type}.memory-per-core";
}
