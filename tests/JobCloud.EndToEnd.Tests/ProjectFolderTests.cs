using System.Diagnostics;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The examples of the README in a project folder, as root and as an ordinary
/// user.</summary>
public sealed class ProjectFolderTests : IAsyncLifetime
{
    private readonly Cloud _cloud = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-project-").FullName;

    public async Task InitializeAsync()
    {
        await WriteAsync("Makefile", "all:\n\t@cp a.txt built\n");
        await WriteAsync("reduce", "#!/bin/sh\ncat *.txt > all; wc -l < all\n");
        await WriteAsync("train.py", "import sys; print('trained by', sys.prefix)\n");
        await WriteAsync("a.txt", "a\n");
        await WriteAsync("b.txt", "b\n");
        await WriteAsync("venv/bin/python", "#!/bin/sh\necho python of $VIRTUAL_ENV runs $1\n");
        foreach (var program in new[] { "reduce", "venv/bin/python" })
            File.SetUnixFileMode($"{_folder}/{program}", ForAll);
        // The programs may be beneath a folder that other accounts cannot enter.
        File.Copy(Cloud.Program("jobcloud"), Command);
    }

    public async Task DisposeAsync()
    {
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Programs_and_files_of_the_folder_work_as_in_the_users_shell()
    {
        await _cloud.OkAsync("node", "start");
        foreach (var account in Accounts())
        {
            Give(_folder, account);
            var ran = await ShellAsync(
                account,
                """
                export VIRTUAL_ENV=$PWD/venv PATH=$PWD/venv/bin:$PATH
                jobcloud exec -f make
                cat built
                jobcloud exec -f ./reduce
                jobcloud exec -f python train.py
                jobcloud mapexec --wait -n f=a.txt,b.txt 'gzip -k -f {f}' > /dev/null
                ls *.gz
                jobcloud exec -f -d in=@a.txt 'cat {in}; test {in} != a.txt && pwd'
                jobcloud exec -f 'cp b.txt copy' && cat copy
                jobcloud exec -f --fresh 'ls; [ $PWD -ef $JOBCLOUD_DIR ] && echo own'
                rm -f built all copy *.gz
                """
            );
            Assert.Equal(
                $"a\n2\npython of {_folder}/venv runs train.py\na.txt.gz\nb.txt.gz\na\n{_folder}\nb\nown\n",
                ran.Out
            );
        }
    }

    [Fact]
    public async Task Files_of_the_own_directory_are_listed_fetched_and_deleted_with_the_job()
    {
        await _cloud.OkAsync("node", "start");
        foreach (var account in Accounts())
        {
            Give(_folder, account);
            var ran = await ShellAsync(
                account,
                """
                jid=$(jobcloud exec --fresh 'mkdir d; printf "a\000b" > d/f; echo top > g')
                jobcloud join $jid
                jobcloud -o no-header files $jid | cut -d' ' -f1
                jobcloud files $jid d/f | od -An -c | tr -s ' '
                jobcloud files $jid --output-dir fetched 2> /dev/null
                cat fetched/g; rm -r fetched
                jobcloud files $jid ../x 2> /dev/null || echo $?
                jobcloud -o quiet delete $jid
                jobcloud files $jid 2> /dev/null || echo $?
                """
            );
            Assert.Equal("d/\ng\n a \\0 b\ntop\n3\n3\n", ran.Out);
        }
    }

    [Fact]
    public async Task A_folder_that_the_account_or_the_node_has_not_is_named()
    {
        await _cloud.OkAsync("node", "start");
        var ran = await _cloud.RunAsync("exec", "-f", "-w", "/no/such/place", "true");
        Assert.Contains("no directory /no/such/place on node", ran.Err);
        Assert.Contains("share it, or use --fresh", ran.Err);
    }

    private const UnixFileMode ForAll =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>Root, and an ordinary user of the same node; else only this account.</summary>
    private static string[] Accounts() =>
        Environment.IsPrivilegedProcess ? ["root", "daemon"] : [Environment.UserName];

    private static void Give(string folder, string account)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        using var given = Process.Start("chown", ["-R", account, folder]);
        given.WaitForExit();
    }

    private async Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{_folder}/{name}")!);
        await File.WriteAllTextAsync($"{_folder}/{name}", text);
    }

    private async Task<ProgramOutcome> ShellAsync(string account, string script)
    {
        string[] words = ["bash", "-euc", script.Replace("jobcloud ", $"{Command} ")];
        string[] all =
            account == Environment.UserName
                ? words
                : ["setpriv", $"--reuid={account}", "--clear-groups", .. words];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "JOBCLOUD_HOME", "JOBCLOUD_TOKEN_FILE", "JOBCLOUD_EXPORT" })
            start.Environment.Remove(name);
        start.Environment["JOBCLOUD_SERVER"] =
            $"unix:{_cloud.Home}/{(Environment.IsPrivilegedProcess ? "open" : "run")}/jobcloud.sock";
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync();
        var error = shell.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await shell.WaitForExitAsync(limit.Token);
        var ran = new ProgramOutcome(shell.ExitCode, await output, await error);
        Assert.True(ran.Exit == 0, $"{account}: exit {ran.Exit}\n{ran.Out}{ran.Err}");
        return ran;
    }

    private string Command => $"{_cloud.Home}/jobcloud";
}
