using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Environments;

/// <summary>Reads and changes environments and volumes: those in the settings and those that users
/// created.</summary>
/// <param name="owner">The actor that keeps the created ones.</param>
/// <param name="settings">Those in the settings, which requests cannot change.</param>
internal sealed class DefinitionsHandler(
    IActorRef owner,
    IReadOnlyList<Definition> settings,
    TimeSpan within
)
{
    /// <summary>The definitions as the caller may see them.</summary>
    public async Task<Outcome<DefinitionsReply>> ShowAsync(
        DefinitionsRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var read = await ReadAsync(request, cancel);
        return read.IsGranted
            ? new DefinitionsReply
            {
                Definitions =
                {
                    read.Reply.Definitions.Select(one =>
                        Definitions.ShownTo(one, by.User, by.IsAdmin)
                    ),
                },
            }
            : read;
    }

    /// <summary>The complete definitions, for this node.</summary>
    public async Task<Outcome<DefinitionsReply>> ReadAsync(
        DefinitionsRequest request,
        CancellationToken cancel
    )
    {
        if (FixedOf(request.Kind, request.Name) is { } definition)
            return new DefinitionsReply { Definitions = { definition } };
        var created = await AskAsync(new DefinitionsMail { Read = request }, cancel);
        if (!created.IsGranted)
            return created;
        if (request.Name.Length > 0)
            return created.Reply.Definitions.Count > 0
                ? created
                : Definitions.Unknown(request.Kind, request.Name);
        // A name in the settings hides one that users created earlier.
        var all = settings
            .Where(one => Definitions.KindOf(one) == request.Kind)
            .Concat(created.Reply.Definitions)
            .DistinctBy(Definitions.NameOf)
            .OrderBy(Definitions.NameOf, StringComparer.Ordinal);
        return new DefinitionsReply { Definitions = { all } };
    }

    public async Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var definition = request.Definition ?? new Definition();
        var (kind, name) = (Definitions.KindOf(definition), Definitions.NameOf(definition));
        return FixedOf(kind, name) is not null
            ? Definitions.Fixed(kind, name)
            : await AskAsync(Message(by, message => message.Define = request), cancel);
    }

    public async Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest request,
        Identity by,
        CancellationToken cancel
    ) =>
        FixedOf(request.Kind, request.Name) is not null
            ? Definitions.Fixed(request.Kind, request.Name)
            : await AskAsync(Message(by, message => message.Undefine = request), cancel);

    private Definition? FixedOf(DefinitionKind kind, string name) =>
        settings.FirstOrDefault(one =>
            Definitions.KindOf(one) == kind && Definitions.NameOf(one) == name
        );

    private static DefinitionsMail Message(Identity by, Action<DefinitionsMail> fill)
    {
        var message = new DefinitionsMail { By = by.User, Admin = by.IsAdmin };
        fill(message);
        return message;
    }

    private async Task<Outcome<DefinitionsReply>> AskAsync(
        DefinitionsMail message,
        CancellationToken cancel
    )
    {
        try
        {
            return await owner.Ask(message, within, cancel) switch
            {
                DefinitionsReply reply => reply,
                Refusal refusal => refusal,
                var other => throw new InvalidOperationException(
                    $"unexpected reply {other.GetType().Name} to a request for definitions"
                ),
            };
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                $"The environments and volumes could not be read within {within.TotalSeconds:F0} s; try again."
            );
        }
    }
}
