using System.Diagnostics;
using System.Globalization;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Executor;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>Jobs of a real executor that use the socket of their node.</summary>
public sealed class JobPeerTests : IAsyncLifetime
{
    private const string OnlyUser = "You have the role user; only an admin may drain nodes.";

    // In a test that root runs, an account that exists; else the account of the test.
    private static readonly string Account = Environment.IsPrivilegedProcess
        ? "daemon"
        : Environment.UserName;
    private static readonly Identity User = new("ann", Role.User, Account);
    private static readonly Identity Admin = new(
        Environment.UserName,
        Role.Admin,
        Environment.UserName
    );

    private readonly TestHome _home = new();
    private ExecutorProcess _executor = null!;
    private NodeHost _node = null!;

    private HomePaths Paths => new(_home.Path);

    private string Socket =>
        Environment.IsPrivilegedProcess ? Paths.OpenGatewaySocket : Paths.GatewaySocket;

    public async Task InitializeAsync()
    {
        _executor = await ExecutorProcess.StartAsync(Paths);
        _node = await NodeHost.StartAsync(_home.Settings(), _home.NodeLog, default);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _executor.DisposeAsync();
        _home.Dispose();
    }

    /// <summary>Ways in which a job can hide what it is: by its environment, session and
    /// parent.</summary>
    [Theory]
    [InlineData("ASK", OnlyUser)]
    [InlineData("env -i $(env | grep ^DOTNET_) ASK", OnlyUser)]
    [InlineData("setsid -w env -i $(env | grep ^DOTNET_) ASK", OnlyUser)]
    [InlineData(
        "(setsid env -i $(env | grep ^DOTNET_) ASK > o & ); until [ -s o ]; do sleep 0.01; done; cat o",
        "the node cannot identify the job"
    )]
    public async Task A_job_of_an_admin_does_not_act_as_admin(string how, string refusal)
    {
        var reply = await AskFromJobAsync(Admin, CloudCalls.Drain.With(new()), how);
        Assert.Equal(RefusalCode.NotAllowed, reply.Refusal?.Code);
        Assert.Contains(refusal, reply.Refusal!.Message);
    }

    [Fact]
    public async Task A_job_submits_jobs_of_its_owner()
    {
        var submit = CloudCalls.Submit.With(
            new()
            {
                Spec = new JobSpec { Command = "true", Cores = 1 },
            }
        );
        var reply = await AskFromJobAsync(User, submit);
        Assert.Null(reply.Refusal);
        var inner = SubmitReply.Parser.ParseFrom(reply.Payload).First;
        var job = await InfoAsync(inner);
        Assert.Equal(("ann", Account), (job.Owner, job.Spec.Account));
    }

    [Fact]
    public async Task A_job_that_names_another_job_as_its_own_does_not_become_its_owner()
    {
        var other = await SubmitAsync(User, "sleep 1000");
        var reply = await AskFromJobAsync(
            Admin,
            CloudCalls.Info.With(new() { Jobs = Jobs(other) }),
            $"env JOBCLOUD_MARK={other}.1@{_home.Path} ASK"
        );
        Assert.Equal($"Job {other} belongs to another user.", reply.Refusal?.Message);
    }

    [Fact]
    public async Task A_process_outside_of_the_jobs_is_its_user()
    {
        using var plain = new PlainClient(Paths.GatewaySocket);
        plain.Send(CloudCalls.Tokens.With(new()));
        var reply = await plain.ReceiveAsync();
        Assert.Null(reply.Refusal);
    }

    [RootFact]
    public async Task Another_account_is_the_user_of_its_name()
    {
        var drain = await AskAsNobodyAsync(Paths.OpenGatewaySocket, CloudCalls.Drain.With(new()));
        Assert.Equal(OnlyUser, drain.Refusal?.Message);
        var submitted = await AskAsNobodyAsync(
            Paths.OpenGatewaySocket,
            CloudCalls.Submit.With(
                new()
                {
                    Spec = new JobSpec { Command = "true", Cores = 1 },
                }
            )
        );
        var job = await InfoAsync(SubmitReply.Parser.ParseFrom(submitted.Payload).First);
        Assert.Equal(("nobody", "nobody"), (job.Owner, job.Spec.Account));
    }

    [RootFact]
    public async Task Another_account_cannot_reach_the_other_sockets()
    {
        foreach (
            var socket in new[] { Paths.GatewaySocket, Paths.ExecutorSocket, Paths.TerminalSocket }
        )
            Assert.Equal("AccessDenied", (await RunAsNobodyAsync(socket, [0])).Trim());
    }

    private static async Task<Reply> AskAsNobodyAsync(string socket, CallRequest request) =>
        ReplyOf(await RunAsNobodyAsync(socket, BytesOf(request)));

    private static async Task<string> RunAsNobodyAsync(string socket, byte[] bytes)
    {
        using var process = Process.Start(
            new ProcessStartInfo(
                "setpriv",
                [
                    "--reuid=nobody",
                    "--regid=65534",
                    "--clear-groups",
                    "sh",
                    "-c",
                    ExecutorProcess.Dummy($"ask {socket} {Convert.ToHexString(bytes)}"),
                ]
            )
            {
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            }
        )!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }

    private static byte[] BytesOf(CallRequest request) =>
        [.. PlainProtocol.Greeting, .. PlainClient.FrameOf(request.Envelope())];

    private static Reply ReplyOf(string hex)
    {
        var frame = Convert.FromHexString(hex.Trim());
        Frames.Read(frame, frame.Length, out var at, out var length);
        return Reply.Parser.ParseFrom(frame.AsSpan(at, length));
    }

    /// <summary>Submits a job that sends a request, and returns the reply that it got.</summary>
    /// <param name="how">The job's command; ASK stands for the program that asks.</param>
    private async Task<Reply> AskFromJobAsync(
        Identity owner,
        CallRequest request,
        string how = "ASK"
    )
    {
        var ask = ExecutorProcess.Dummy($"ask {Socket} {Convert.ToHexString(BytesOf(request))}");
        var jid = await SubmitAsync(owner, how.Replace("ASK", ask));
        var output = Paths.Attempt(new Jid(jid), 1).Stdout;
        var answer = "";
        await Eventually.HoldsAsync(
            () => File.Exists(output) && (answer = File.ReadAllText(output)).EndsWith('\n'),
            "the job prints its answer",
            TimeSpan.FromSeconds(60)
        );
        return ReplyOf(answer);
    }

    private async Task<long> SubmitAsync(Identity owner, string command)
    {
        var jid = 0L;
        await Eventually.HoldsAsync(
            async () =>
            {
                var reply = await AskAsync(
                    owner,
                    CloudCalls.Submit.With(
                        new()
                        {
                            Spec = new JobSpec { Command = command, Cores = 1 },
                            RequestId = command
                                .GetHashCode()
                                .ToString(CultureInfo.InvariantCulture),
                        }
                    )
                );
                jid = reply.HasPayload ? SubmitReply.Parser.ParseFrom(reply.Payload).First : 0;
                return jid > 0;
            },
            "the job is submitted"
        );
        return jid;
    }

    private async Task<JobDetail> InfoAsync(long jid) =>
        JobDetail.Parser.ParseFrom(
            (await AskAsync(Admin, CloudCalls.Info.With(new() { Jobs = Jobs(jid) }))).Payload
        );

    /// <summary>The first reply.</summary>
    private async Task<Reply> AskAsync(Identity by, CallRequest request)
    {
        Reply? first = null;
        await _node.Calls.AnswerAsync(
            request.Envelope(),
            by,
            reply =>
            {
                first ??= reply;
                return ValueTask.CompletedTask;
            },
            default
        );
        return first!;
    }

    private static Selection Jobs(long jid) =>
        new() { Items = { new SelectionItem { Range = JidRanges.Range(jid, jid) } } };
}
