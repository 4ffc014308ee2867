using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class TokenCommandTests : CommandTest
{
    private const long Day = 86_400_000;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.CreateToken = request => new CreateTokenReply
        {
            Secret = "jc_0123",
            Token = new Token
            {
                Name = request.Name,
                User = request.User.Length > 0 ? request.User : request.Name,
                Role = request.Role,
            },
        };
        Cloud.Tokens = _ => new TokensReply
        {
            Tokens =
            {
                Kept("ann", Role.Admin),
                Kept("bob", Role.User, revoked: 1),
                Kept("eye", Role.ReadOnly, expires: 1),
            },
        };
    }

    [Theory]
    [InlineData("token create ann", "", Role.User, 0)]
    [InlineData("token create ann --role admin", "", Role.Admin, 0)]
    [InlineData(
        "token create b --role read-only --user ann --expires 90d",
        "ann",
        Role.ReadOnly,
        90 * Day
    )]
    public async Task Create_sends_every_option_and_prints_only_the_secret(
        string line,
        string user,
        Role role,
        long lifetimeMs
    )
    {
        var ran = await RunAsync(line.Split(' '));

        // Only the secret, so that the user can store it with '> FILE'.
        Assert.Equal((0, "jc_0123\n", ""), (ran.Code, ran.Output, ran.Error));
        var asked = Cloud.The<CreateTokenRequest>();
        Assert.Equal((user, role, lifetimeMs), (asked.User, asked.Role, asked.LifetimeMs));
    }

    [Fact]
    public async Task A_token_whose_jobs_cannot_start_is_created_with_a_note_on_stderr()
    {
        var plain = Cloud.CreateToken;
        Cloud.CreateToken = request =>
        {
            var reply = plain(request);
            reply.Note = "Node n1 has no account ann.";
            return reply;
        };
        var ran = await RunAsync("token", "create", "ann", "--run-as", "games");
        Assert.Equal(
            (0, "jc_0123\n", "Node n1 has no account ann.\n"),
            (ran.Code, ran.Output, ran.Error)
        );
        Assert.Equal("games", Cloud.The<CreateTokenRequest>().RunAs);
    }

    [Fact]
    public async Task A_new_token_is_complete_in_JSON()
    {
        var made = (
            await RunAsync(
                "-o",
                "json",
                "token",
                "create",
                "b",
                "--role",
                "read-only",
                "--user",
                "ann"
            )
        ).Json;

        Assert.Equal("b", made.GetProperty("name").GetString());
        Assert.Equal("ann", made.GetProperty("user").GetString());
        Assert.Equal("read-only", made.GetProperty("role").GetString());
        Assert.Equal("jc_0123", made.GetProperty("secret").GetString());
    }

    [Fact]
    public async Task List_shows_states_and_no_secrets()
    {
        var listed = (await RunAsync("-o", "json", "token", "list")).Json;

        Assert.Equal(
            ["ann admin good", "bob user revoked", "eye read-only expired"],
            listed
                .GetProperty("tokens")
                .EnumerateArray()
                .Select(token =>
                    $"{token.GetProperty("name")} {token.GetProperty("role")} {token.GetProperty("state")}"
                )
        );
        Assert.DoesNotContain("secret", listed.GetRawText());
    }

    [Fact]
    public async Task Revoke_sends_the_name_of_the_token()
    {
        var ran = await RunAsync("token", "revoke", "bob");

        Assert.Equal((0, ""), (ran.Code, ran.Output));
        Assert.Equal("bob", Cloud.The<RevokeTokenRequest>().Name);
    }

    [Fact]
    public async Task A_refusal_is_printed()
    {
        Cloud.Tokens = _ =>
            throw ScriptedCloud.Refusal(
                RefusalCode.NotFound,
                "Token zoe does not exist or is already revoked; see 'jobcloud token list'."
            );

        var ran = await RunAsync("token", "revoke", "zoe");

        Assert.Equal(3, ran.Code);
        Assert.Contains("Token zoe does not exist", ran.Error);
    }

    [Theory]
    [InlineData("token", "'token create', 'list' or 'revoke'")]
    [InlineData("token create", "Missing argument NAME")]
    [InlineData("token create a/b", "The token name must be 1 to 64")]
    [InlineData("token create a --user a/b", "The user name must be 1 to 64")]
    [InlineData("token create a --role root", "root")]
    [InlineData("token create a --expires soon", "soon")]
    [InlineData("token create a --expires 40000d", "at most 100 years")]
    public async Task A_malformed_command_line_exits_with_2_without_a_request(
        string line,
        string message
    )
    {
        var ran = await RunAsync(line.Split(' '));

        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Error);
        Assert.False(Cloud.WasAsked);
    }

    private static Token Kept(string name, Role role, long revoked = 0, long expires = 0) =>
        new()
        {
            Name = name,
            User = name,
            Role = role,
            By = "root",
            Created = 1_700_000_000_000_000,
            Revoked = revoked,
            Expires = expires,
        };
}
