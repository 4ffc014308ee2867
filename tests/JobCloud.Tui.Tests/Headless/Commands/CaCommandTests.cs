using System.Security.Cryptography.X509Certificates;
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
    [InlineData("ca", "'ca init', 'node', 'client' or 'show'")]
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
