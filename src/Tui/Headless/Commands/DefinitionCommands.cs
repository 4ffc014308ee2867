using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>The base of the commands <c>env</c> and <c>volume</c>.</summary>
internal abstract class DefinitionCommand : CloudCommand
{
    protected DefinitionCommand(string word, string summary, DefinitionKind kind, Command create)
        : base(word, summary)
    {
        Add(new ListDefinitionsCommand(kind));
        Add(new ShowDefinitionCommand(kind));
        Add(create);
        Add(new DeleteDefinitionCommand(kind));
    }

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage(
                $"Missing subcommand; use '{Name} list', 'show', 'create' or 'delete'."
            )
        );

    /// <summary>Creates a definition; the report is empty, except in JSON.</summary>
    public static async Task<Report> CreateAsync(Definition definition, Invocation call)
    {
        // The node checks the limits.
        var limits = new DefinitionLimits { NameLength = int.MaxValue, Bytes = long.MaxValue };
        if (DefinitionCheck.Problems(definition, limits) is [var problem, ..])
            return CommandError.Usage(problem);
        using var cloud = await call.ConnectAsync();
        var request = new DefineRequest { Definition = definition };
        var reply = await cloud.Api.DefineAsync(request, cloud.UnaryOptions());
        return new Report.Nothing(json => DefinitionViews.Write(json, reply.Definitions[0]));
    }
}

internal sealed class ListDefinitionsCommand : CloudCommand
{
    private readonly DefinitionKind _kind;

    public ListDefinitionsCommand(DefinitionKind kind)
        : base("list", $"List the {Definitions.KindName(kind)}s.") => _kind = kind;

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.DefinitionsAsync(new() { Kind = _kind }, cloud.UnaryOptions());
        return DefinitionViews.Table(_kind, reply, call);
    }
}

internal sealed class ShowDefinitionCommand : CloudCommand
{
    private readonly DefinitionKind _kind;
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the definition");

    public ShowDefinitionCommand(DefinitionKind kind)
        : base(
            "show",
            $"Show the contents, owner and creation time of one {Definitions.KindName(kind)}."
        )
    {
        _kind = kind;
        Add(_name);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        if (call.Get(_name) is not { Length: > 0 } one)
            return CommandError.Usage("Missing argument NAME.");
        var request = new DefinitionsRequest { Kind = _kind, Name = one };
        var reply = await cloud.Api.DefinitionsAsync(request, cloud.UnaryOptions());
        return DefinitionViews.Describe(reply.Definitions[0], call);
    }
}

internal sealed class DeleteDefinitionCommand : CloudCommand
{
    private readonly DefinitionKind _kind;
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the definition");

    public DeleteDefinitionCommand(DefinitionKind kind)
        : base(
            "delete",
            $"Delete one {Definitions.KindName(kind)}; directories and submitted jobs stay unchanged."
        )
    {
        _kind = kind;
        Add(_name);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var request = new UndefineRequest { Kind = _kind, Name = call.Get(_name) };
        await cloud.Api.UndefineAsync(request, cloud.UnaryOptions());
        return new Report.Nothing(json => json.WriteString("name", request.Name));
    }
}
