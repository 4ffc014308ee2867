using System.Net;
using System.Net.Sockets;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>A cloud with TLS between its members and a TCP endpoint for other machines.</summary>
public sealed class TcpEndpointTests : IAsyncLifetime
{
    private const string Sent = "100000000";

    private readonly Cloud _cloud = new();
    private readonly string _server = $"https://127.0.0.1:{FreePort()}";

    public async Task InitializeAsync()
    {
        await _cloud.OkAsync("ca", "init", "--dir", "ca");
        await _cloud.OkAsync("ca", "node", "n1", "--dir", "ca", "--out", "tls");
        await File.WriteAllTextAsync(
            Path.Combine(_cloud.Home, "jobcloud.conf"),
            $"""
            jobcloud.tls.clients = on
            jobcloud.gateway.tcp.address = "{_server["https://".Length..]}"
            {Accounts}
            """
        );
        await _cloud.OkAsync("node", "start");
        CopyForAll($"{_cloud.Home}/tls/ca.pem", $"{_cloud.Home}/ca.pem");
        CopyForAll(Cloud.Program("jobcloud"), $"{_cloud.Home}/jobcloud");
        await TokenAsync("ann", "user");
        await TokenAsync("bob", "user");
        await TokenAsync("eye", "read-only", "--user", "ann");
    }

    [Fact]
    public async Task A_user_can_run_ssh_kill_and_exec_over_TCP()
    {
        Assert.Equal("1", await OkAsync("ann", "exec", "sleep", "60"));
        var inside = await AskAsync("ann", ["ssh", "1", "cat; exit 7"], "typed\n");
        Assert.Equal((7, "typed\n"), (inside.Exit, inside.Out));
        await OkAsync("ann", "kill", "1");
        Assert.Contains("killed by ann", await OkAsync("ann", "explain", "1"));
        Assert.Equal("2", await OkAsync("ann", "exec", $"head -c {Sent} /dev/zero"));
        var ran = await AskAsync("ann", ["exec", "-f", $"{Result} | wc -c"]);
        Assert.Equal((Sent, "Job 3\n"), (ran.Line, ran.Err));
    }

    [Fact]
    public async Task A_job_over_TCP_runs_in_its_own_directory_which_its_user_can_fetch()
    {
        const string Command = "[ $PWD -ef $JOBCLOUD_DIR ] && echo own; printf made > f";
        Assert.Equal("own", (await AskAsync("ann", ["exec", "-f", Command])).Line);
        Assert.Contains("f ", await OkAsync("ann", "files", "1"));
        Assert.Equal("made", await OkAsync("ann", "files", "1", "f"));
        Refused(await AskAsync("bob", ["files", "1"]), "Job 1 belongs to another user.");
        Assert.Equal("/", (await AskAsync("ann", ["exec", "-f", "-w", "/", "pwd"])).Line);
    }

    [Fact]
    public async Task The_jobs_of_a_user_are_closed_to_other_users()
    {
        await OkAsync("ann", "exec", "echo", "mine");
        Assert.Equal("mine", await OkAsync("eye", "result", "1"));
        foreach (var command in new[] { "status", "result", "kill", "delete", "retry", "events" })
            Refused(await AskAsync("bob", [command, "1"]), "Job 1 belongs to another user.");
        Assert.DoesNotContain("mine", await OkAsync("bob", "ls"));
        foreach (var command in new[] { "kill", "delete", "retry", "ssh" })
            Refused(await AskAsync("eye", [command, "1"]), "only a user or an admin may");
        Refused(await AskAsync("ann", ["token", "list"]), "only an admin may list tokens");
    }

    [Fact]
    public async Task A_rejected_client_gets_a_reason()
    {
        await _cloud.OkAsync("token", "revoke", "bob");
        Refused(await AskAsync("bob", ["ls"]), "The access token bob was revoked");
        Refused(await _cloud.RunAsync("--server", _server, "ls"), "requires an access token");
        await _cloud.OkAsync("ca", "init", "--dir", "other");
        Refused(
            await _cloud.RunAsync("--server", _server, "--ca-file", "other/ca.pem", "ls"),
            "is not trusted here"
        );
        var absent = await _cloud.RunAsync("--server", $"https://127.0.0.1:{FreePort()}", "ls");
        Refused(absent, "No node answers at https://");
    }

    [Fact]
    public async Task The_full_screen_UI_of_another_machine_joins_with_a_certificate_and_a_token()
    {
        await _cloud.OkAsync("ca", "client", "ann", "--dir", "ca", "--out", "elsewhere/tls");
        var jid = await OkAsync("ann", "exec", "echo said-$((40+2)); sleep 600");
        using var screen = PtyProcess.Start(
            [
                Cloud.Program("jobcloud"),
                "--server",
                _server,
                "--token-file",
                Path.Combine(_cloud.Home, "ann"),
                "top",
            ],
            new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = _cloud.Home,
                ["TERM"] = "xterm-256color",
                ["JOBCLOUD_HOME"] = Path.Combine(_cloud.Home, "elsewhere"),
            }
        );
        await screen.ShowsAsync("LIVE");
        await screen.ShowsAsync("echo said-");
        screen.Type("l");
        await screen.ShowsAsync("said-42");
        screen.Type("qq");
        Assert.Equal(0, await screen.ExitAsync());
        await OkAsync("ann", "kill", jid);
    }

    /// <summary>Settings by which the jobs of all users can run: the machine has no accounts of
    /// their names.</summary>
    private static string Accounts =>
        Environment.IsPrivilegedProcess
            ? """jobcloud.gateway.accounts = ["ann=daemon", "bob=games"]"""
            : $"jobcloud.executor.run-as = {Environment.UserName}";

    public Task DisposeAsync() => _cloud.DisposeAsync();

    /// <summary>A command line by which a job fetches a result through the TCP endpoint.</summary>
    private string Result =>
        $"{_cloud.Home}/jobcloud --server {_server} --ca-file {_cloud.Home}/ca.pem --token-file {_cloud.Home}/ann result 2";

    /// <summary>Copies a file so that the accounts of jobs can use it.</summary>
    private static void CopyForAll(string from, string to)
    {
        File.Copy(from, to);
        const UnixFileMode all =
            UnixFileMode.UserRead
            | UnixFileMode.GroupRead
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(to, all | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task TokenAsync(string name, params string[] role) =>
        await File.WriteAllTextAsync(
            Path.Combine(_cloud.Home, name),
            await _cloud.OkAsync(["token", "create", name, "--role", .. role])
        );

    private Task<ProgramOutcome> AskAsync(string who, string[] command, string? stdin = null) =>
        _cloud.RunAsync(["--server", _server, "--token-file", who, .. command], stdin);

    private async Task<string> OkAsync(string who, params string[] command)
    {
        var ran = await AskAsync(who, command);
        Assert.True(ran.Exit == 0, $"{string.Join(' ', command)}: exit {ran.Exit}\n{ran.Err}");
        return ran.Line;
    }

    private static void Refused(ProgramOutcome ran, string why)
    {
        Assert.Equal(3, ran.Exit);
        Assert.Contains(why, ran.Err);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
