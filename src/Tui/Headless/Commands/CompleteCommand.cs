using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Help;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Prints how a command line can be completed, for the scripts of
/// <c>completion</c>.</summary>
internal sealed class CompleteCommand : CloudCommand, IListedCommand
{
    private const int Rows = 100;

    /// <summary>A user who presses Tab waits no longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Argument<string[]> _words = Arg.Words(
        "WORD",
        "the words after 'jobcloud'; the last one is completed",
        required: true
    );

    public CompleteCommand()
        : base(CommandName, Summary) => Add(_words);

    public static string CommandName => "complete";
    public static string Summary =>
        "Print the completions of a command line, for the completion scripts.";

    public override bool TakesCommandLine => true;

    public override string[] Examples => ["jobcloud complete -- exec --la"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var line = call.Get(_words)!;
        var completions = new Completions(
            [.. CommandCatalog.Names],
            CommandCatalog.WithoutAlias,
            CommandCatalog.Find
        );
        var found = completions.Of(line);
        var start = line[^1];
        var words = found
            .Words.Concat(await ValuesAsync(found.Source, call))
            .Select(word => found.Head + word)
            .Where(word => word.StartsWith(start, StringComparison.Ordinal))
            .Where(static word => VisibleText.IsVisible(word));
        IEnumerable<string> shell = found.Source switch
        {
            CompletionSource.Files => [":files"],
            CompletionSource.Programs => [":programs"],
            _ => [],
        };
        string[] all = [.. words.Distinct(), .. shell];
        return new Report.Values(all, () => new CompletionsDocument(all));
    }

    /// <summary>Values that a running node knows; none if it does not answer at once.</summary>
    private static async Task<IEnumerable<string>> ValuesAsync(
        CompletionSource source,
        Invocation call
    )
    {
        if (source is CompletionSource.None or CompletionSource.Files or CompletionSource.Programs)
            return [];
        try
        {
            var endpoint = call.Settings.Within(Limit).Endpoint(call.Terminal);
            using var cloud =
                await Connector.TryConnectAsync(endpoint, retry: false)
                ?? (
                    endpoint.MachineNode is { } machine
                        ? await Connector.TryConnectAsync(machine, endpoint, retry: false)
                        : null
                );
            return cloud is null ? Keywords(source) : await ValuesAsync(source, cloud);
        }
        catch (Exception)
        {
            // The user is typing: whatever is wrong with the node, the command itself will say.
            return Keywords(source);
        }
    }

    private static async Task<IEnumerable<string>> ValuesAsync(
        CompletionSource source,
        CloudConnection cloud
    )
    {
        switch (source)
        {
            case CompletionSource.Nodes:
                var nodes = await cloud.Api.NodesAsync(new(), cloud.UnaryOptions());
                return nodes.Nodes.Select(static node => node.Name);
            case CompletionSource.Environments:
                return await DefinitionsAsync(cloud, DefinitionKind.Environment);
            case CompletionSource.Volumes:
                return await DefinitionsAsync(cloud, DefinitionKind.Volume);
        }
        var request = new ListRequest { Limit = Rows };
        var rows = (await cloud.Api.ListAsync(request, cloud.UnaryOptions())).Rows;
        var labels = rows.Select(static row => row.Label)
            .Where(static label => label.Length > 0)
            .Distinct();
        return source == CompletionSource.Labels
            ? labels
            :
            [
                .. rows.Select(static row =>
                    JidNotation.Print(JidRanges.Range(row.First, row.Last))
                ),
                .. Keywords(source),
                .. labels.Select(static label =>
                    JidNotation.Print(new SelectionItem { Label = label })
                ),
            ];
    }

    private static async Task<IEnumerable<string>> DefinitionsAsync(
        CloudConnection cloud,
        DefinitionKind kind
    )
    {
        var request = new DefinitionsRequest { Kind = kind };
        var reply = await cloud.Api.DefinitionsAsync(request, cloud.UnaryOptions());
        return reply.Definitions.Select(one => one.Volume?.Name ?? one.Environment.Name);
    }

    private static IEnumerable<string> Keywords(CompletionSource source) =>
        source == CompletionSource.Jobs
            ? [.. JidNotation.Keywords, .. StatusNames.All.Select(static name => $"status:{name}")]
            : [];
}
