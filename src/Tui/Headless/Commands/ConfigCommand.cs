using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ConfigCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns = ["key", "value", "origin"];

    public ConfigCommand()
        : base(CommandName, Summary) { }

    public static string CommandName => "config";
    public static string Summary => "Show the effective settings and the origin of each.";

    public override async Task<Report> RunAsync(Invocation call)
    {
        var rows = new List<TableCell[]>();
        foreach (var setting in call.Settings.All)
            rows.Add(Row($"client.{setting.Name}", Effective(setting, call), setting.Origin));

        using var cloud = Connector.TryConnect(call.Settings, call.Terminal);
        if (cloud is null)
            return new Report.Table("settings", Columns, rows)
            {
                Note = "No node answers; these are only the client's settings.",
            };
        var reply = await cloud.Api.ConfigAsync(new(), cloud.UnaryOptions());
        foreach (var entry in reply.Entries)
            rows.Add(Row(entry.Key, entry.Value, entry.Origin));
        return new Report.Table("settings", Columns, rows);
    }

    private static string Effective(ClientSetting setting, Invocation call) =>
        setting == call.Settings.Server
            ? call.Settings.Address(call.Terminal).ToString()!
            : setting.Value;

    private static TableCell[] Row(string key, string value, string origin) =>
        [TableCell.Of(key), TableCell.Of(value), TableCell.Of(origin)];
}
