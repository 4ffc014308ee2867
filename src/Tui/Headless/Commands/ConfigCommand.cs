using JobCloud.Client.Connections;
using JobCloud.Protocol.PublicJson;
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
        var settings = new List<PublicSetting>();
        foreach (var setting in call.Settings.All)
            settings.Add(new($"client.{setting.Name}", Effective(setting, call), setting.Origin));

        using var cloud = await Connector.TryConnectAsync(call.Endpoint);
        if (cloud is null)
            return TableOf(settings) with
            {
                Note = "No node answers; these are only the client's settings.",
            };
        var reply = await cloud.Api.ConfigAsync(new(), cloud.UnaryOptions());
        settings.AddRange(SettingsDocument.Of(reply).Settings);
        return TableOf(settings);
    }

    private static string Effective(ClientSetting setting, Invocation call) =>
        setting == call.Settings.Server ? call.Endpoint.Address().ToString()! : setting.Value;

    private static Report.Table TableOf(List<PublicSetting> settings) =>
        new(Columns, settings.Select(Row), () => new SettingsDocument(settings));

    private static TableCell[] Row(PublicSetting setting) =>
        [TableCell.Of(setting.Key), TableCell.Of(setting.Value), TableCell.Of(setting.Origin)];
}
