using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Does what a request's command, query or node tells it to.</summary>
public sealed class ScriptedRequests : IRequests
{
    public static readonly Refusal Refusal = new()
    {
        Code = RefusalCode.DeletedJob,
        Message = "Job 7 was deleted – ask for another.",
        Jid = 7,
    };

    /// <summary>Held back until it is set.</summary>
    public TaskCompletionSource Gate { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<Outcome<SubmitReply>> SubmitAsync(
        SubmitRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        switch (request.Spec?.Command)
        {
            case "refuse":
                return Refusal;
            case "throw":
                throw new InvalidOperationException("a secret of the inside");
            case "wait":
                await Gate.Task.WaitAsync(cancel);
                break;
        }
        return new SubmitReply { First = request.Count, Last = request.Count };
    }

    public async IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest request,
        Identity by,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        yield return new EventsReply();
        await Task.Yield();
        if (request.Follow)
            throw new InvalidOperationException("a secret of the inside");
        yield return Refusal;
    }

    public Task<Outcome<NodeStatusReply>> NodeStatusAsync(
        NodeStatusRequest request,
        Identity by,
        CancellationToken cancel
    ) => Reply(new NodeStatusReply { Node = by.User, Ready = by.Admin });

    public async IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest request,
        Identity by,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        await Task.Yield();
        foreach (var item in request.Items)
            yield return new JobDetail { Command = item };
    }

    public Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new StatusReply());

    public Task<Outcome<ChangeReply>> KillAsync(KillRequest r, Identity by, CancellationToken c) =>
        Reply(new ChangeReply { Changed = 1 });

    public Task<Outcome<ChangeReply>> DeleteAsync(
        DeleteRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new ChangeReply { Changed = 2 });

    public Task<Outcome<ChangeReply>> RetryAsync(
        RetryRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new ChangeReply { Changed = 3 });

    public Task<Outcome<ChangeReply>> PrioritizeAsync(
        PrioritizeRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new ChangeReply { Changed = r.Priority });

    public Task<Outcome<ListReply>> ListAsync(ListRequest r, Identity by, CancellationToken c) =>
        Reply(new ListReply { Truncated = true });

    public Task<Outcome<ExplainReply>> ExplainAsync(
        ExplainRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new ExplainReply { Jid = r.Jid });

    public Task<Outcome<NodesReply>> NodesAsync(NodesRequest r, Identity by, CancellationToken c) =>
        Reply(new NodesReply());

    public Task<Outcome<NodesReply>> DrainAsync(DrainRequest r, Identity by, CancellationToken c) =>
        Reply(new NodesReply());

    public Task<Outcome<ConfigReply>> ConfigAsync(
        ConfigRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new ConfigReply());

    public Task<Outcome<DefinitionsReply>> DefinitionsAsync(
        DefinitionsRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(Definition(r.Name));

    public Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new DefinitionsReply { Definitions = { r.Definition } });

    public Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(Definition(r.Name));

    private static DefinitionsReply Definition(string name) =>
        new()
        {
            Definitions = { new Definition { Volume = new VolumeDefinition { Name = name } } },
        };

    public Task<Outcome<TokensReply>> TokensAsync(
        TokensRequest r,
        Identity by,
        CancellationToken c
    ) =>
        Reply(
            new TokensReply
            {
                Tokens =
                {
                    new Token { Name = by.User, Role = by.Role },
                },
            }
        );

    public Task<Outcome<CreateTokenReply>> CreateTokenAsync(
        CreateTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new CreateTokenReply { Secret = r.Name });

    public Task<Outcome<TokensReply>> RevokeTokenAsync(
        RevokeTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Reply(new TokensReply());

    public Task<Outcome<Ticket>> TicketAsync(TicketRequest r, Identity by, CancellationToken c) =>
        Reply(new Ticket { User = by.User });

    public IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest r,
        Identity by,
        CancellationToken c
    ) => throw new InvalidOperationException("a secret of the inside");

    /// <summary>Ends only where it is followed: with its client.</summary>
    public async IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest r,
        Identity by,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken c
    )
    {
        yield return new OutputChunk();
        if (!r.Follow)
            throw new InvalidOperationException("a secret of the inside");
        await Gate.Task.WaitAsync(c);
    }

    /// <summary>What becomes of a terminal.</summary>
    public Func<TerminalCaller, Task> Terminal { get; set; } = _ => Task.CompletedTask;

    public Task TerminalAsync(TerminalCaller client) => Terminal(client);

    private static Task<Outcome<T>> Reply<T>(T reply)
        where T : class => Task.FromResult<Outcome<T>>(reply);
}
