using System.Text.Json;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Single jobs on a node that the first command starts.</summary>
public class JobTests(Cloud cloud) : IClassFixture<Cloud>
{
    [Fact]
    public async Task A_job_is_submitted_and_its_result_is_printed()
    {
        var jid = await cloud.ExecAsync("echo", "hello", "world");
        Assert.True(long.Parse(jid) > 0);
        Assert.Equal("hello world", await cloud.OkAsync("result", jid));
        Assert.Equal("done", await cloud.StatusAsync(jid));
    }

    [Fact]
    public async Task Options_after_the_commands_first_word_belong_to_the_command()
    {
        var jid = await cloud.ExecAsync("echo", "--priority", "1");
        Assert.Equal("--priority 1", await cloud.OkAsync("result", jid));
    }

    [Fact]
    public async Task A_failing_job_ends_with_status_error_and_join_reports_it()
    {
        var jid = await cloud.ExecAsync("--label", "bad one", "exit 3");
        var join = await cloud.RunAsync("join", jid);
        Assert.Equal(3, join.Exit);
        Assert.Contains(jid, join.Err);
        var info = (
            await cloud.RunAsync("-o", "json", "info", jid, "-o", "status,exit_code,reason")
        ).Json;
        Assert.Equal(3, info.GetProperty(jid).GetProperty("exit_code").GetInt32());
        Assert.Equal("error", info.GetProperty(jid).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Wait_joins_a_job_and_follow_returns_its_output_and_exit_code()
    {
        Assert.Equal(0, (await cloud.RunAsync("exec", "--wait", "true")).Exit);
        Assert.Equal(3, (await cloud.RunAsync("exec", "--wait", "false")).Exit);
        var followed = await cloud.RunAsync(
            "exec",
            "-f",
            "echo one; sleep 0.2; echo two >&2; exit 7"
        );
        Assert.Equal(7, followed.Exit);
        Assert.Contains("one\n", followed.Out);
        Assert.Contains("two", followed.Err);
    }

    [Fact]
    public async Task A_job_over_its_memory_limit_ends_with_status_error_if_the_node_enforces_limits()
    {
        var nodes = (await cloud.RunAsync("-o", "json", "nodes")).Json.GetProperty("nodes");
        var limits = nodes[0].GetProperty("limits").GetString()!;
        if (!limits.StartsWith("cgroup v"))
        {
            Assert.StartsWith("not enforced (/proc sampling): ", limits);
            return;
        }
        var jid = await cloud.ExecAsync("--memory", "30M", "tail /dev/zero; echo survived");

        Assert.Equal(3, (await cloud.RunAsync("join", jid)).Exit);

        const string Items = "status,reason,oom,memory.failcnt";
        var ran = await cloud.RunAsync("-o", "json", "info", jid, "-o", Items);
        var info = ran.Json.GetProperty(jid);
        Assert.Equal("error", info.GetProperty("status").GetString());
        Assert.Equal(
            "out of memory: the job used its 30 MiB (--memory); give it more with --memory 64M",
            info.GetProperty("reason").GetString()
        );
        Assert.True(info.GetProperty("oom").GetBoolean());
        Assert.True(info.GetProperty("memory").GetProperty("failcnt").GetInt64() > 0);
    }

    [Fact]
    public async Task A_running_job_has_a_timeline()
    {
        var jid = await cloud.ExecAsync("until [ -e done ]; do sleep 0.05; done");
        await Eventually.HoldsAsync(
            async () => (await TimelineAsync(jid)).ValueKind == JsonValueKind.Array,
            "a sample"
        );
        await cloud.OkAsync("kill", jid);
        await cloud.RunAsync("join", jid);

        var timeline = await TimelineAsync(jid);

        Assert.True(timeline.GetArrayLength() >= 2);
        Assert.True(timeline[0].TryGetProperty("at", out _));
    }

    private async Task<JsonElement> TimelineAsync(string jid)
    {
        var info = await cloud.RunAsync("-o", "json", "info", jid, "-o", "timeline");
        return info.Json.GetProperty(jid).TryGetProperty("timeline", out var timeline)
            ? timeline
            : default;
    }

    [Fact]
    public async Task Info_shows_the_output_and_usage_of_a_job()
    {
        var jid = await cloud.ExecAsync(
            "-l",
            "info job",
            "--priority",
            "2",
            "echo out; echo err >&2; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"
        );
        await cloud.OkAsync("join", jid);
        var job = (await cloud.RunAsync("-o", "json", "info", jid, "-o", "all")).Json.GetProperty(
            jid
        );
        Assert.Equal("out\n", job.GetProperty("stdout").GetString());
        Assert.Equal("err\n", job.GetProperty("stderr").GetString());
        Assert.True(job.GetProperty("cputime").GetProperty("user").GetDouble() > 0);
        Assert.True(job.GetProperty("memory").GetProperty("max_usage").GetInt64() > 100_000);
        Assert.True(job.GetProperty("runtime").GetDouble() > 0);
        Assert.Equal("info job", job.GetProperty("attributes").GetProperty("label").GetString());
        Assert.Contains("submitted", job.GetProperty("pilog").GetString());
    }

    [Fact]
    public async Task Info_shows_the_logging_and_syslog_of_a_job()
    {
        var jid = await cloud.ExecAsync(
            "for i in 1 2 3 4 5; do logger hello $i; done; echo own >> $JOBCLOUD_LOG; sleep 0.3"
        );
        await cloud.OkAsync("join", jid);
        var info = await cloud.RunAsync("-o", "json", "info", jid, "-o", "logging,syslog,profile");
        var job = info.Json.GetProperty(jid);
        var absent = job.GetProperty("absent");
        Assert.Equal("own\n", job.GetProperty("logging").GetString());
        Assert.Equal("own", await cloud.OkAsync("logs", jid, "--logging"));
        Assert.Contains("without --profile", absent.GetProperty("profile").GetString());
        if (absent.TryGetProperty("syslog", out var why))
            Assert.Contains("only root", why.GetString());
        else
            Assert.Contains(": hello ", job.GetProperty("syslog").GetString());
    }

    [Theory]
    [InlineData]
    [InlineData("--fresh", "--isolate", "network")]
    public async Task An_unmodified_Python_job_is_logged_and_profiled(params string[] options)
    {
        // Not in the home: no sandbox shows what is there.
        var script = Path.Combine(Directory.CreateTempSubdirectory("jc-py-").FullName, "script.py");
        await File.WriteAllTextAsync(script, "import logging\nlogging.info('so far')\n");
        var ran = await cloud.RunAsync(["exec", .. options, "--profile", "python3", script]);
        if (options.Length > 0 && !PortTests.CanIsolate.Value)
        {
            Assert.Equal(3, ran.Exit);
            return;
        }
        var jid = ran.Line;
        var ended = await cloud.RunAsync("join", jid);
        var info = await cloud.RunAsync("-o", "json", "info", jid, "-o", "logging,profile,pilog");
        var job = info.Json.GetProperty(jid);
        Assert.Contains("started as process", job.GetProperty("pilog").GetString());
        if (ended.Exit != 0)
        {
            Assert.Contains("profile", job.GetProperty("absent").ToString());
            return;
        }
        Assert.Contains(" INFO root: so far\n", job.GetProperty("logging").GetString());
        Assert.Contains("script.py:1(<module>)", job.GetProperty("profile").GetString());
    }

    [Fact]
    public async Task The_stacks_of_another_program_are_sampled_or_a_reason_is_shown()
    {
        var jid = await cloud.ExecAsync("--profile", $"{Cloud.Dummy} burn 1");
        await cloud.OkAsync("join", jid);
        var info = await cloud.RunAsync("-o", "json", "info", jid, "-o", "profile");
        var job = info.Json.GetProperty(jid);
        if (CanSample())
            Assert.Contains("dummy", job.GetProperty("profile").GetString());
        else
            Assert.Contains("perf", job.GetProperty("absent").GetProperty("profile").GetString());
    }

    [Fact]
    public async Task A_processing_job_shows_live_output_and_is_killed_with_its_children()
    {
        var jid = await cloud.ExecAsync("trap '' TERM; echo ready; sleep 1000 & sleep 1000");
        await cloud.OkAsync("wait-for", "status", jid, "processing");
        await Testing.Eventually.HoldsAsync(
            async () => (await cloud.OkAsync("logs", jid)).Contains("ready"),
            "its first line is shown"
        );
        await cloud.OkAsync("kill", jid);
        Assert.Equal(3, (await cloud.RunAsync("join", jid)).Exit);
        Assert.Equal("killed", await cloud.StatusAsync(jid));
    }

    [Fact]
    public async Task A_job_over_its_max_runtime_is_killed()
    {
        var jid = await cloud.ExecAsync("-m", "1s", "sleep", "100");
        Assert.Equal(3, (await cloud.RunAsync("join", jid, "-t", "20")).Exit);
        Assert.Contains(
            "max runtime 1 s exceeded",
            await cloud.OkAsync("info", jid, "-o", "reason")
        );
    }

    [Fact]
    public async Task A_deleted_job_is_refused()
    {
        var jid = await cloud.ExecAsync("echo", "secret");
        await cloud.OkAsync("join", jid);
        await cloud.OkAsync("delete", jid);
        var gone = await cloud.RunAsync("status", jid);
        Assert.Equal(3, gone.Exit);
        Assert.Contains($"Job {jid} was deleted", gone.Err);
    }

    [Fact]
    public async Task A_job_gets_its_directory_variables_and_files()
    {
        var folder = Directory.CreateTempSubdirectory("jc-cwd-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "in.txt"), "from a file\n");
        var jid = (
            await cloud.RunAsync(
                [
                    "exec",
                    "-w",
                    ".",
                    "-E",
                    "COLOUR=blue",
                    "-d",
                    "name=in.txt",
                    "pwd; echo $COLOUR; cat {name}; echo $JOBCLOUD_JID",
                ],
                null,
                folder
            )
        ).Line;
        Assert.Equal($"{folder}\nblue\nfrom a file\n{jid}", await cloud.OkAsync("result", jid));

        var sent = (
            await cloud.RunAsync(
                ["exec", "-d", "script=@in.txt", "cat {script}; pwd"],
                null,
                folder
            )
        ).Line;
        Assert.StartsWith("from a file\n", await cloud.OkAsync("result", sent));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_result_is_the_return_file_byte_for_byte()
    {
        var jid = await cloud.ExecAsync(
            "-r",
            "out.bin",
            "printf '\\001\\377\\000x' > out.bin; echo noise"
        );
        await cloud.OkAsync("join", jid);
        var folder = Directory.CreateTempSubdirectory("jc-res-").FullName;
        await cloud.OkAsync("result", jid, "--output-dir", folder);
        var file = Directory.EnumerateFiles(folder).Single();
        Assert.Equal([1, 255, 0, (byte)'x'], await File.ReadAllBytesAsync(file));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_same_request_id_twice_submits_one_job()
    {
        var one = await cloud.ExecAsync("--request-id", "once", "true");
        Assert.Equal(one, await cloud.ExecAsync("--request-id", "once", "true"));
    }

    [Fact]
    public async Task Jobs_wait_for_their_dependencies_and_stall_if_one_fails()
    {
        var gate = Path.Combine(cloud.Home, "gate");
        var good = await cloud.ExecAsync($"while [ ! -e {gate} ]; do sleep 0.02; done");
        var after = await cloud.ExecAsync("-x", good, "echo after");
        Assert.Equal("waiting", await cloud.StatusAsync(after));
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal("after", await cloud.OkAsync("result", after));

        var bad = await cloud.ExecAsync("false");
        var stalled = await cloud.ExecAsync("-x", bad, "true");
        var ignoring = await cloud.ExecAsync("-x", bad, "--depends-on-errors", "ignore", "true");
        Assert.Equal(3, (await cloud.RunAsync("join", stalled)).Exit);
        await cloud.OkAsync("join", ignoring);
        Assert.Equal("stalled", await cloud.StatusAsync(stalled));
        Assert.Contains(
            $"dependency {bad} failed (error)",
            await cloud.OkAsync("explain", stalled)
        );
    }

    [Fact]
    public async Task A_retried_job_runs_again_as_a_new_attempt()
    {
        var marker = Path.Combine(cloud.Home, "again");
        var jid = await cloud.ExecAsync($"test -e {marker} && echo second");
        Assert.Equal(3, (await cloud.RunAsync("join", jid)).Exit);
        await File.WriteAllTextAsync(marker, "");
        await cloud.OkAsync("retry", jid);
        Assert.Equal("second", await cloud.OkAsync("result", jid));
        Assert.Contains("2", await cloud.OkAsync("info", jid, "-o", "attempt"));
        Assert.Contains("retried", await cloud.OkAsync("events", jid));
    }

    [Fact]
    public async Task Commands_work_in_a_removed_directory()
    {
        var gone = Directory.CreateTempSubdirectory("gone").FullName;
        var jobcloud = $"'{Cloud.Program("jobcloud")}'";
        var info = new System.Diagnostics.ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                $"cd {gone}; rmdir {gone}; {jobcloud} exec -f echo well; {jobcloud} exec -d f=@x 'cat {{f}}'",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["JOBCLOUD_HOME"] = cloud.Home;
        using var process = System.Diagnostics.Process.Start(info)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Contains("well\n", output);
        Assert.Contains("The file 'x' of the parameter", errors);
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task A_table_without_colors_contains_no_control_characters()
    {
        const string Script = "/usr/bin/script"; // gives a program a terminal: util-linux
        if (!File.Exists(Script))
            return;
        await cloud.ExecAsync("true");
        var command = $"stty cols 60; '{Cloud.Program("jobcloud")}' ls";
        var info = new System.Diagnostics.ProcessStartInfo(Script, ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        info.Environment["JOBCLOUD_HOME"] = cloud.Home;
        info.Environment["NO_COLOR"] = "1";
        using var process = System.Diagnostics.Process.Start(info)!;
        var shown = await process.StandardOutput.ReadToEndAsync();
        Assert.Contains("status", shown);
        Assert.DoesNotContain('\e', shown);
    }

    /// <summary>True if perf is installed and has permission to sample.</summary>
    private static bool CanSample() =>
        Testing.Tool.Succeeds("perf", "record", "-q", "-o", "/dev/null", "true");
}
