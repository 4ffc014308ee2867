using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Scripted calls: the command, query or node of a request selects the reply. Other calls
/// get an empty reply.</summary>
public sealed class ScriptedCalls
{
    public static readonly Refusal Refusal = new()
    {
        Code = RefusalCode.DeletedJob,
        Message = "Job 7 was deleted – ask for another.",
        Jid = 7,
    };

    /// <summary>Delays replies until it is set.</summary>
    public TaskCompletionSource Gate { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The handler of terminals.</summary>
    internal Func<TerminalClientConnection, Task> Terminal { get; set; } = _ => Task.CompletedTask;

    internal Dispatcher Dispatcher(NodeLog log) => new(Table(), TestHome.ErrorMapper(log));

    private CallTable Table()
    {
        var table = new CallTable(Refusal) { Terminal = client => Terminal(client) };
        table.AddUnary(CloudCalls.Submit, SubmitAsync);
        table.AddUnary(CloudCalls.Kill, (_, _) => new ChangeReply { Changed = 1 });
        table.AddUnary(
            CloudCalls.NodeStatus,
            (_, by) => new NodeStatusReply { Node = by.User, Ready = by.IsAdmin }
        );
        table.AddUnary(CloudCalls.Tokens, (_, by) => Tokens(by));
        table.AddStreaming(CloudCalls.Events, EventsAsync);
        table.AddStreaming(CloudCalls.Info, InfoAsync);
        table.AddStreaming(CloudCalls.Output, OutputAsync);
        table.AddStreaming(
            CloudCalls.Await,
            (_, _, _) => throw new InvalidOperationException("a secret of the inside")
        );
        foreach (var call in CloudCalls.All.Where(call => table.Find(call) is null))
            table.Add(
                call,
                async (_, _, write, _) =>
                {
                    await write(
                        call.ParseReply(ByteString.Empty),
                        last: call.Type == MethodType.Unary
                    );
                    return null;
                }
            );
        return table;
    }

    private async Task<Outcome<SubmitReply>> SubmitAsync(
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

    private static TokensReply Tokens(Identity by) =>
        new()
        {
            Tokens =
            {
                new Token
                {
                    Name = by.User,
                    Role = by.Role,
                    RunAs = by.Account,
                },
            },
        };

    private static async IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        yield return new EventsReply();
        await Task.Yield();
        if (request.Follow)
            throw new InvalidOperationException("a secret of the inside");
        yield return Refusal;
    }

    private static async IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await Task.Yield();
        foreach (var item in request.Items)
            yield return new JobDetail { Command = item };
    }

    /// <summary>Ends only if it is followed: when its client disconnects.</summary>
    private async IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        yield return new OutputChunk();
        if (!request.Follow)
            throw new InvalidOperationException("a secret of the inside");
        await Gate.Task.WaitAsync(cancel);
    }
}
