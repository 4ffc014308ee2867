using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Reads the executor's own settings, which the agent passes on to it.</summary>
internal static class ExecutorSettingsReader
{
    public static ExecutorLimits Read(SettingsReader read)
    {
        var limits = new ExecutorLimits();
        foreach (var setting in ExecutorSettings.All)
            Read(read, setting, $"{ExecutorSettings.Section}.{setting.Name}", limits);
        return limits;
    }

    private static void Read(
        SettingsReader read,
        ExecutorSetting setting,
        string key,
        ExecutorLimits limits
    )
    {
        var why = setting.Description;
        switch (setting)
        {
            case ExecutorSetting.Count count:
                count.Put(
                    limits,
                    read.Count(key, count.Default, why, count.Minimum, count.Maximum)
                );
                break;
            case ExecutorSetting.Size size:
                size.Put(limits, read.Size(key, SettingText.OfSize(size.Default), why));
                break;
            case ExecutorSetting.Duration duration:
                var preset = TimeSpan.FromMilliseconds(duration.Default);
                var time = read.Duration(key, SettingText.OfDuration(preset), why, least: "1ms");
                duration.Put(limits, (long)time.TotalMilliseconds);
                break;
            case ExecutorSetting.Choice choice:
                choice.Put(limits, read.OneOf(key, why, [.. choice.Names]));
                break;
            case ExecutorSetting.Checked text:
                _ = read.Text(
                    key,
                    text.Default,
                    why,
                    text.Expected,
                    value => text.TryPut(limits, value)
                );
                break;
        }
    }
}
