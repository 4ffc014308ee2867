using System.CommandLine;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class TokenCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns =
    [
        "name",
        "user",
        "role",
        "run_as",
        "state",
        "created",
        "by",
        "expires",
    ];

    public TokenCommand()
        : base(CommandName, Summary)
    {
        Add(new TokenCreateCommand());
        Add(new TokenListCommand());
        Add(new TokenRevokeCommand());
    }

    public static string CommandName => "token";
    public static string Summary =>
        "Create, list and revoke access tokens for users of other machines.";

    public override string[] Examples =>
        [
            "jobcloud token create alice --role user --expires 90d > alice.token",
            "jobcloud token create board --role read-only --user alice",
            "jobcloud --server https://n1:8443 --token-file alice.token ls",
            "jobcloud token revoke alice",
        ];

    public override string Details =>
        "An access token admits its holder to the TCP endpoint (jobcloud.gateway.tcp.address). A read-only\n"
        + "token can see the jobs of its user, a user token can also submit and change them, and an admin\n"
        + "token can do everything to all jobs. Its jobs run as the account --run-as, else as the account that\n"
        + "jobcloud.gateway.accounts names, else as the account with the name of its user; never as root.\n"
        + "JobCloud stores only the hash of a token.";

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage($"Missing subcommand; use '{Name} create', 'list' or 'revoke'.")
        );

    public static Report TableOf(TokensReply reply, Invocation call)
    {
        var rows = new List<TableCell[]>();
        foreach (var token in reply.Tokens)
            rows.Add([
                TableCell.Of(token.Name),
                TableCell.Of(token.User),
                TableCell.Of(RoleNames.Of(token.Role)),
                token.RunAs.Length > 0 ? TableCell.Of(token.RunAs) : TableCell.None,
                TableCell.Of(PublicToken.StateOf(token, call.Now)),
                call.Instant(token.Created),
                TableCell.Of(token.By),
                call.Instant(token.Expires),
            ]);
        return new Report.Table(Columns, rows, () => TokensDocument.Of(reply, call.Now));
    }
}

internal sealed class TokenCreateCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the token");
    private readonly Option<string?> _role = Opt.Choice(
        "--role",
        "ROLE",
        "read-only, user or admin (default user)",
        [.. RoleNames.All]
    );
    private readonly Option<string?> _user = Opt.Text(
        "--user",
        "USER",
        "user that the token acts as (default NAME)"
    );
    private readonly Option<string?> _runAs = Opt.Text(
        "--run-as",
        "ACCOUNT",
        "account of the nodes that its jobs run as (default: that of USER)"
    );
    private readonly Option<TimeSpan?> _expires = Opt.Duration(
        "--expires",
        "validity period, such as 90d (default: no limit)"
    );

    public TokenCreateCommand()
        : base("create", "Create a token and print its secret, which is not shown again.")
    {
        Add(_name);
        Add(_role);
        Add(_user);
        Add(_runAs);
        Add(_expires);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new CreateTokenRequest
        {
            Name = call.Get(_name),
            User = call.Get(_user) ?? "",
            RunAs = call.Get(_runAs) ?? "",
            Role = RoleNames.Parse(call.Get(_role) ?? RoleNames.Of(Protocol.Role.User)),
            LifetimeMs = (long)(call.Get(_expires)?.TotalMilliseconds ?? 0),
        };
        if (AccessTokenRules.Validate(request) is { } problem)
            return CommandError.Of(problem);
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.CreateTokenAsync(request, cloud.UnaryOptions());
        if (reply.Note.Length > 0 && call.ShowsNotes)
            call.Terminal.Error.WriteLine(reply.Note);
        return new Report.Values([reply.Secret], () => CreatedTokenDocument.Of(reply));
    }
}

internal sealed class TokenListCommand : CloudCommand
{
    public TokenListCommand()
        : base("list", "List the tokens without their secrets.") { }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        return TokenCommand.TableOf(await cloud.Api.TokensAsync(new(), cloud.UnaryOptions()), call);
    }
}

internal sealed class TokenRevokeCommand : CloudCommand
{
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the token");

    public TokenRevokeCommand()
        : base("revoke", "Revoke a token.") => Add(_name);

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var request = new RevokeTokenRequest { Name = call.Get(_name) };
        await cloud.Api.RevokeTokenAsync(request, cloud.UnaryOptions());
        return new Report.Nothing(() => new NameDocument(request.Name!));
    }
}
