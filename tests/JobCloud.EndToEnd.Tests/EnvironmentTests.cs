namespace JobCloud.EndToEnd.Tests;

/// <summary>Creation and use of environments and volumes.</summary>
public sealed class EnvironmentTests(Cloud cloud) : IClassFixture<Cloud>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-vol-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_environment_is_created_used_and_deleted()
    {
        await cloud.OkAsync("env", "create", "greet", "-E", "WHO=world", "--setup", "word=hello");
        var jid = await cloud.ExecAsync("-e", "greet", "echo $word $WHO");
        Assert.Equal("hello world", await cloud.OkAsync("result", jid));
        Assert.Contains("variable: WHO=world", await cloud.OkAsync("env", "show", "greet"));

        // A job keeps the environment that it was submitted with.
        var map = await cloud.OkAsync("mapexec", "-k", "2", "-e", "greet", "sleep 0.2; echo $word");
        await cloud.OkAsync("env", "delete", "greet");
        Assert.Contains("hello", await cloud.OkAsync("result", map));

        var refused = await cloud.RunAsync("exec", "-e", "greet", "true");
        Assert.Equal(3, refused.Exit);
        Assert.Contains("Unknown environment 'greet'", refused.Err);
    }

    [Fact]
    public async Task A_failed_setup_line_is_the_reason_of_the_job()
    {
        await cloud.OkAsync("env", "create", "broken", "--setup", "echo why >&2; exit 9");
        var jid = await cloud.ExecAsync("-e", "broken", "echo never");
        var join = await cloud.RunAsync("join", jid);
        Assert.Equal(3, join.Exit);
        Assert.Contains("the setup line of environment broken failed: exit 9", join.Err);
        Assert.Equal("why", await cloud.OkAsync("logs", jid, "--stderr"));
    }

    [Fact]
    public async Task Volumes_are_bound_into_a_job_if_the_node_has_bubblewrap()
    {
        var (open, shut) = ($"{_folder}/open", $"{_folder}/shut");
        Directory.CreateDirectory(open);
        Directory.CreateDirectory(shut);
        await File.WriteAllTextAsync($"{shut}/in", "one\ntwo\n");
        await cloud.OkAsync("volume", "create", "open", open, $"{_folder}/at/open");
        await cloud.OkAsync("volume", "create", "shut", shut, $"{_folder}/at/shut", "--read-only");
        string[] exec =
        [
            "exec",
            "--fresh",
            "-v",
            "open",
            "-v",
            "shut",
            $"wc -l < {_folder}/at/shut/in | tee {_folder}/at/open/out; touch {_folder}/at/shut/x || echo shut",
        ];
        var submitted = await cloud.RunAsync(exec);
        if (await SandboxProblemAsync() is { } problem)
        {
            Assert.Equal(3, submitted.Exit);
            Assert.Contains(problem, submitted.Err);
            return;
        }

        Assert.Equal("2\nshut", await cloud.OkAsync("result", submitted.Line));
        Assert.Equal("2\n", await File.ReadAllTextAsync($"{open}/out"));
        await cloud.OkAsync("volume", "delete", "open");
        await cloud.OkAsync("volume", "delete", "shut");
    }

    [Fact]
    public async Task A_missing_volume_directory_is_refused_by_a_submission_and_a_dry_run()
    {
        await cloud.OkAsync("volume", "create", "lost", $"{_folder}/lost", "/mnt/lost");
        foreach (var words in new[] { new[] { "--dry-run" }, [] })
        {
            var refused = await cloud.RunAsync(["exec", .. words, "-v", "lost", "true"]);
            Assert.Equal(3, refused.Exit);
            Assert.Contains($"directory {_folder}/lost of volume lost does not exist", refused.Err);
        }
    }

    [Fact]
    public async Task A_volume_survives_a_crash()
    {
        await cloud.OkAsync("volume", "create", "lasting", _folder, "/mnt/lasting");
        Cloud.Kill((await cloud.PidsAsync()).Node);
        Assert.Contains(_folder, await cloud.OkAsync("volume", "show", "lasting"));
    }

    /// <summary>Why the node gives jobs no root file systems and volumes; null: it does.</summary>
    private async Task<string?> SandboxProblemAsync()
    {
        var node = (await cloud.RunAsync("-o", "json", "nodes")).Json.GetProperty("nodes")[0];
        return node.GetProperty("sandbox").GetString() == "bubblewrap"
            ? null
            : node.GetProperty("sandbox_problem").GetString();
    }
}
