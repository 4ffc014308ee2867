using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>What <c>env</c> and <c>volume</c> have in common.</summary>
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
            Trouble.Usage($"Say what to do: '{Name} list', 'show', 'create' or 'delete'.")
        );

    /// <summary>Creates it; silent, but for JSON.</summary>
    public static async Task<Report> CreateAsync(Definition definition, Invocation call)
    {
        // How long things may be is the node's to judge.
        var limits = new DefinitionLimits { NameLength = int.MaxValue, Bytes = long.MaxValue };
        if (DefinitionCheck.Problems(definition, limits) is [var problem, ..])
            return Trouble.Usage(problem);
        using var cloud = await call.ConnectAsync();
        var request = new DefineRequest { Definition = definition };
        var reply = await cloud.Api.DefineAsync(request, cloud.Request());
        return new Report.Nothing(json => DefinitionViews.Write(json, reply.Definitions[0]));
    }
}

internal sealed class ListDefinitionsCommand : CloudCommand
{
    private readonly DefinitionKind _kind;

    public ListDefinitionsCommand(DefinitionKind kind)
        : base("list", $"List the {Definitions.Word(kind)}s.") => _kind = kind;

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.DefinitionsAsync(new() { Kind = _kind }, cloud.Request());
        return DefinitionViews.Table(_kind, reply, call);
    }
}

internal sealed class ShowDefinitionCommand : CloudCommand
{
    private readonly DefinitionKind _kind;
    private readonly Argument<string> _name = Arg.Text("NAME", "its name");

    public ShowDefinitionCommand(DefinitionKind kind)
        : base("show", $"Show one {Definitions.Word(kind)}: what it is, who created it and when.")
    {
        _kind = kind;
        Add(_name);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        if (call.Get(_name) is not { Length: > 0 } one)
            return Trouble.Usage("Give a name.");
        var request = new DefinitionsRequest { Kind = _kind, Name = one };
        var reply = await cloud.Api.DefinitionsAsync(request, cloud.Request());
        return DefinitionViews.Describe(reply.Definitions[0], call);
    }
}

internal sealed class DeleteDefinitionCommand : CloudCommand
{
    private readonly DefinitionKind _kind;
    private readonly Argument<string> _name = Arg.Text("NAME", "its name");

    public DeleteDefinitionCommand(DefinitionKind kind)
        : base(
            "delete",
            $"Delete one {Definitions.Word(kind)}; no directory, and no submitted job, is touched."
        )
    {
        _kind = kind;
        Add(_name);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var request = new UndefineRequest { Kind = _kind, Name = call.Get(_name) };
        await cloud.Api.UndefineAsync(request, cloud.Request());
        return new Report.Nothing(json => json.WriteString("name", request.Name));
    }
}
