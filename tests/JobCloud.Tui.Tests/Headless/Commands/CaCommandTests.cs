using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class CaCommandTests : CommandTest
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_node_certificate_is_trusted_through_its_CA()
    {
        var made = await OkAsync("ca init --name lab");
        Assert.Equal($"{Paths.Authority}\n", made.Output);
        made = await OkAsync("ca node n1 --address n1.example.org --address 10.0.0.1");
        Assert.Equal($"{Paths.Authority}/n1\n", made.Output);

        using var authority = Read("n1/ca.pem");
        using var node = X509Certificate2.CreateFromPemFile(At("n1/node.pem"), At("n1/node.key"));
        Assert.Equal(Read("ca.pem").Thumbprint, authority.Thumbprint);
        Assert.Equal(
            new CertificateSubject("lab", CertificateRole.Authority),
            CertificateSubject.Of(authority)
        );
        Assert.Equal(
            new CertificateSubject("n1", CertificateRole.Node),
            CertificateSubject.Of(node)
        );
        using var chain = new X509Chain { ChainPolicy = CertificateCheck.Policy([authority]) };
        Assert.True(chain.Build(node));
        foreach (var key in new[] { "ca.key", "n1/node.key" })
            Assert.Equal(OwnersOnly, File.GetUnixFileMode(At(key)));
        Assert.False(File.Exists(At("n1/ca.key")));
    }

    [Fact]
    public async Task Show_lists_the_certificates_in_the_directory()
    {
        await OkAsync("ca init --dir of/lab");
        await OkAsync("ca node n1 --address 10.0.0.1 --dir of/lab");
        await OkAsync("ca client ann --dir of/lab --lifetime 30d");

        var shown = (await OkAsync("-o json ca show --dir of/lab")).Json;

        Assert.Equal(
            ["cloud authority", "ann client", "n1 node"],
            shown
                .GetProperty("certificates")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("name")} {one.GetProperty("role")}")
        );
        Assert.Contains("10.0.0.1", shown.GetRawText());
    }

    [Fact]
    public async Task A_renewed_certificate_keeps_its_addresses_and_gets_a_new_key()
    {
        await OkAsync("ca init");
        await OkAsync("ca node n1 --address 10.0.0.1");
        var before = await File.ReadAllTextAsync(At("n1/node.key"));

        Assert.Contains("--renew replaces it", (await RefusedAsync("ca node n1")).Error);
        Assert.Equal(before, await File.ReadAllTextAsync(At("n1/node.key")));
        await OkAsync("ca node n1 --renew");

        Assert.NotEqual(before, await File.ReadAllTextAsync(At("n1/node.key")));
        Assert.Contains("10.0.0.1", (await OkAsync("ca show")).Output);
    }

    [Fact]
    public async Task The_out_option_sets_the_output_directory()
    {
        await OkAsync("ca init");
        Assert.Equal($"{Paths.Home}/tls\n", (await OkAsync("ca node n1 --out tls")).Output);
        Assert.True(File.Exists($"{Paths.Home}/tls/node.pem"));
    }

    [Fact]
    public async Task A_CA_is_replaced_only_with_the_replace_option()
    {
        await OkAsync("ca init");
        var first = Read("ca.pem").Thumbprint;
        Assert.Contains("already contains a CA", (await RefusedAsync("ca init")).Error);
        Assert.Equal(first, Read("ca.pem").Thumbprint);
        await OkAsync("ca init --replace");
        Assert.NotEqual(first, Read("ca.pem").Thumbprint);
    }

    [Theory]
    [InlineData("ca node n1")]
    [InlineData("ca client ann")]
    [InlineData("ca show")]
    public async Task A_missing_CA_is_reported_with_the_command_that_creates_it(string line) =>
        Assert.Contains("'jobcloud ca init'", (await RefusedAsync(line)).Error);

    [Theory]
    [InlineData("ca", "'ca init', 'node', 'client', 'show', 'revoke'")]
    [InlineData("ca node", "Missing argument NAME")]
    [InlineData("ca node a/b", "'a/b' is not a valid name")]
    [InlineData("ca init --name a/b", "'a/b' is not a valid name")]
    [InlineData("ca client ann --address 10.0.0.1", "--address")]
    [InlineData("ca init --lifetime soon", "soon")]
    public async Task A_malformed_command_line_exits_with_2_and_creates_nothing(
        string line,
        string message
    )
    {
        var ran = await RunAsync(line.Split(' '));
        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Error);
        Assert.False(Directory.Exists(Paths.Authority));
    }

    [Theory]
    [InlineData("ca revoke n3", "n3", "", false)]
    [InlineData("ca revoke n3 --reason stolen", "n3", "stolen", false)]
    [InlineData("ca revoke 4A:BC:00:00:00:00:00:0F", "4abc00000000000f", "", false)]
    [InlineData("ca unrevoke n3", "n3", "", true)]
    public async Task Revoke_and_unrevoke_ask_the_running_cloud(
        string line,
        string subject,
        string reason,
        bool lift
    )
    {
        Cloud.Denials = _ => new DenialsReply();
        var ran = await RunAsync(line.Split(' '));
        Assert.Equal((0, "", ""), (ran.Code, ran.Output, ran.Error));
        var asked = Cloud.The<DenyRequest>();
        Assert.Equal((subject, reason, lift), (asked.Subject, asked.Reason, asked.Lift));
    }

    [Fact]
    public async Task Revoke_reads_the_serial_number_of_a_certificate_file()
    {
        Cloud.Denials = _ => new DenialsReply();
        await RunAsync("ca", "init");
        await RunAsync("ca", "node", "n1");
        var ran = await RunAsync("ca", "revoke", At("n1/node.pem"));
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        using var certificate = Read("n1/node.pem");
        Assert.Equal(DenialRules.SerialOf(certificate), Cloud.The<DenyRequest>().Subject);
    }

    [Theory]
    [InlineData("ca revoke ./none.pem", "The certificate file ./none.pem does not exist")]
    [InlineData("ca revoke n?3", "neither a name nor a serial number")]
    [InlineData("ca revoke", "Missing argument NAME|SERIAL|FILE")]
    public async Task A_malformed_revocation_sends_no_request(string line, string message)
    {
        var ran = await RunAsync(line.Split(' '));
        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Error);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task Revoked_lists_the_deny_list_with_who_made_and_lifted_it()
    {
        Cloud.Denials = _ => new DenialsReply
        {
            Denials =
            {
                new Denial
                {
                    Subject = "n3",
                    By = "ann",
                    Since = 1,
                    Reason = "stolen",
                },
                new Denial
                {
                    Subject = "n4",
                    By = "ann",
                    Since = 1,
                    Lifted = 2,
                    LiftedBy = "bob",
                },
            },
        };
        var listed = (await RunAsync("-o", "json", "ca", "revoked")).Json.GetProperty("revoked");
        Assert.Equal("revoked", listed[0].GetProperty("state").GetString());
        Assert.Equal("stolen", listed[0].GetProperty("reason").GetString());
        Assert.Equal("lifted", listed[1].GetProperty("state").GetString());
        Assert.Equal("bob", listed[1].GetProperty("lifted_by").GetString());
    }

    private async Task<CommandOutcome> OkAsync(string line)
    {
        var ran = await RunAsync(line.Split(' '));
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.False(Cloud.WasAsked);
        return ran;
    }

    private async Task<CommandOutcome> RefusedAsync(string line)
    {
        var ran = await RunAsync(line.Split(' '));
        Assert.Equal((3, ""), (ran.Code, ran.Output));
        return ran;
    }

    private string At(string name) => Path.Combine(Paths.Authority, name);

    private X509Certificate2 Read(string name) =>
        X509Certificate2.CreateFromPem(File.ReadAllText(At(name)));
}
