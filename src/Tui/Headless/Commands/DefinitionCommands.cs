using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>The base of the commands <c>env</c> and <c>volume</c>.</summary>
internal abstract class DefinitionCommand : CloudCommand
{
    protected DefinitionCommand(
        string word,
        string summary,
        DefinitionKind kind,
        Command create,
        Command edit
    )
        : base(word, summary)
    {
        Add(new ListDefinitionsCommand(kind));
        Add(new ShowDefinitionCommand(kind));
        Add(create);
        Add(edit);
        Add(new DeleteDefinitionCommand(kind));
    }

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage(
                $"Missing subcommand; use '{Name} list', 'show', 'create', 'edit' or 'delete'."
            )
        );

    /// <summary>Creates a definition.</summary>
    public static async Task<Report> CreateAsync(Definition definition, Invocation call)
    {
        if (ProblemOf(definition) is { } problem)
            return problem;
        using var cloud = await call.ConnectAsync();
        return await SendAsync(cloud, new() { Definition = definition }, "Created");
    }

    /// <summary>Changes a definition.</summary>
    /// <param name="change">Changes it in place; returns an error or null.</param>
    public static async Task<Report> EditAsync(
        DefinitionKind kind,
        string name,
        Func<Definition, CommandError?> change,
        Invocation call
    )
    {
        using var cloud = await call.ConnectAsync();
        var read = new DefinitionsRequest { Kind = kind, Name = name };
        var reply = await cloud.Api.DefinitionsAsync(read, cloud.UnaryOptions());
        var present = reply.Definitions[0];
        var changed = present.Clone();
        if (change(changed) is { } error)
            return error;
        if (ProblemOf(changed) is { } problem)
            return problem;
        if (Definitions.AreEqual(present, changed))
            return CommandError.Usage("Nothing to change; name an option with its new value.");
        var request = new DefineRequest { Definition = changed, Replaces = present };
        return await SendAsync(cloud, request, "Changed");
    }

    private static async Task<Report> SendAsync(
        CloudConnection cloud,
        DefineRequest request,
        string done
    )
    {
        var reply = await cloud.Api.DefineAsync(request, cloud.UnaryOptions());
        var kind = Definitions.KindName(Definitions.KindOf(request.Definition));
        return new Report.Nothing(() => DefinitionDocuments.Of(reply.Definitions[0]))
        {
            Note = $"{done} {kind} '{Definitions.NameOf(request.Definition)}'.",
        };
    }

    private static CommandError? ProblemOf(Definition definition)
    {
        // The node checks the limits.
        var limits = new DefinitionLimits { NameLength = int.MaxValue, Bytes = long.MaxValue };
        return DefinitionCheck.Problems(definition, limits) is [var problem, ..]
            ? CommandError.Usage(problem)
            : null;
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
        return new Report.Nothing(() => new NameDocument(request.Name!))
        {
            Note = $"Deleted {Definitions.KindName(_kind)} '{request.Name}'.",
        };
    }
}
