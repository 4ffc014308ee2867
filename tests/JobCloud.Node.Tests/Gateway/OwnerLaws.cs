using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>A node with its real handlers and a job of ann, and callers of every role.</summary>
public sealed class OwnerLaws : IAsyncLifetime
{
    private const string Secret = "the-command-of-ann";
    private static readonly Identity Ann = new("ann", Role.User);
    private static readonly Identity Root = new("root", Role.Admin, "root");
    private static readonly Identity[] Strangers =
    [
        new("bob", Role.ReadOnly),
        new("bob", Role.User),
    ];

    private readonly TestHome _home = new();
    private NodeHost _node = null!;
    private long _jid;

    public static TheoryData<string> Calls =>
        [.. OwnerRequests.All.Where(row => row.Exempt == "").Select(row => row.Call)];

    public async Task InitializeAsync()
    {
        _node = await NodeHost.StartAsync(
            _home.Settings(),
            _home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                var submitted = await AskAsync(
                    Ann,
                    CloudCalls.Submit.With(
                        new()
                        {
                            Spec = new JobSpec
                            {
                                Command = Secret,
                                Label = Secret,
                                Cores = 1,
                            },
                            RequestId = "once",
                        }
                    )
                );
                _jid = submitted is [{ Payload: var reply }]
                    ? SubmitReply.Parser.ParseFrom(reply).First
                    : 0;
                return _jid > 0;
            },
            "the job of ann is submitted"
        );
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public void Every_call_has_a_row() =>
        Assert.Equal(
            CloudCalls.All.Select(call => call.Name).Order(),
            OwnerRequests.All.Select(row => row.Call).Order()
        );

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_request_for_the_job_of_another_user_is_refused_and_changes_nothing(
        string call
    )
    {
        var before = await HistoryAsync();
        foreach (var request in RequestsOf(call))
        foreach (var stranger in Strangers)
        {
            var answers = await AskAsync(stranger, request);
            var refusal = Assert.Single(answers.Select(RefusalOf).OfType<Refusal>());
            Assert.Contains(
                refusal.Message,
                (string[])
                    [
                        $"Job {_jid} belongs to another user.",
                        $"There is no job {_jid}.",
                        $"Submission 2: Job {_jid} belongs to another user.",
                        $"Submission 2: There is no job {_jid}.",
                        AccessRules.Check(request.Call, stranger.Role)?.Message ?? "none",
                    ]
            );
            Assert.DoesNotContain(
                answers,
                answer => answer.ToByteString().ToStringUtf8().Contains(Secret)
            );
        }
        Assert.Equal(before, await HistoryAsync());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task The_owner_and_admins_are_not_refused_as_strangers(string call)
    {
        // Its wait and its output end, so that every call is answered.
        var killed = await AskAsync(Root, CloudCalls.Kill.With(new() { Jobs = Selected() }));
        Assert.Null(Assert.Single(killed).Refusal);
        foreach (var request in RequestsOf(call))
        foreach (var caller in new[] { Ann, Root })
            Assert.DoesNotContain(
                await AskAsync(caller, request),
                answer => RefusalOf(answer)?.Code == RefusalCode.NotAllowed
            );
    }

    [Fact]
    public async Task A_list_omits_the_jobs_of_other_users()
    {
        foreach (var stranger in Strangers)
        foreach (var expand in new[] { false, true })
        {
            var request = CloudCalls.List.With(new() { Expand = expand, Query = "owner=ann" });
            Assert.Empty(RowsOf(await AskAsync(stranger, request)));
            Assert.Single(RowsOf(await AskAsync(Root, request)));
        }
    }

    private IReadOnlyList<CallRequest> RequestsOf(string call) =>
        OwnerRequests.All.Single(row => row.Call == call).Of(_jid);

    private static IReadOnlyList<JobRow> RowsOf(IReadOnlyList<Reply> answers) =>
        ListReply.Parser.ParseFrom(Assert.Single(answers).Payload).Rows;

    private async Task<IReadOnlyList<JobEvent>> HistoryAsync()
    {
        var answers = await AskAsync(Root, CloudCalls.Events.With(new() { Jobs = Selected() }));
        return
        [
            .. answers
                .Where(answer => answer.HasPayload)
                .SelectMany(answer => EventsReply.Parser.ParseFrom(answer.Payload).Events),
        ];
    }

    private Selection Selected() =>
        new() { Items = { new SelectionItem { Range = JidRanges.Range(_jid, _jid) } } };

    private static Refusal? RefusalOf(Reply answer) => answer.Refusal;

    /// <summary>The replies to a request; those of a call that waits end with the
    /// first.</summary>
    private async Task<IReadOnlyList<Reply>> AskAsync(Identity by, CallRequest request)
    {
        if (request.Message is ToTerminal open)
            return [await OpenAsync(by, open)];
        using var cancel = new CancellationTokenSource();
        var replies = new List<Reply>();
        await _node.Calls.AnswerAsync(
            request.Envelope(),
            by,
            async reply =>
            {
                // A wait ends with a message that has the refusal.
                if (request.Message is AwaitRequest && reply.HasPayload)
                    reply.Refusal = AwaitReply.Parser.ParseFrom(reply.Payload).Refusal;
                replies.Add(reply);
                if (!reply.End && Waits(request.Message))
                    await cancel.CancelAsync();
            },
            cancel.Token
        );
        return replies;
    }

    private static bool Waits(IMessage request) =>
        request is AwaitRequest or EventsRequest { Follow: true } or OutputRequest { Follow: true };

    private async Task<Reply> OpenAsync(Identity by, ToTerminal open)
    {
        var (toNode, fromNode) = (new Pipe(), new Pipe());
        using var gone = new CancellationTokenSource();
        toNode.Writer.Write(PlainClient.FrameOf(open));
        await toNode.Writer.FlushAsync();
        var serving = _node.Calls.ServeAsync(
            new TerminalClientConnection(
                new Ends(toNode.Reader, fromNode.Writer),
                by,
                gone.Token,
                default
            )
        );
        var first = (await fromNode.Reader.ReadAsync()).Buffer.ToArray();
        await gone.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.Equal(
            FrameStatus.Whole,
            Frames.Read(first, first.Length, out var at, out var length)
        );
        var answer = FromTerminal.Parser.ParseFrom(first.AsSpan(at, length));
        return new Reply { Refusal = answer.Refusal };
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
