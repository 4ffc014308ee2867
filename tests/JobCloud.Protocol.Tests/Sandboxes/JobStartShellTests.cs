using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Tests.Sandboxes;

public sealed class JobStartShellTests
{
    private static readonly StartMode Program = new StartMode.Direct(["sort", "a b", "$x"]);
    private static readonly StartMode Text = new StartMode.Shell("a; b", null);

    [Fact]
    public void Text_runs_in_the_same_shell_as_the_setup_line()
    {
        var words = JobStartShell.Words(Text, "ulimit -c 0 # none", false, "/bin/bash");

        Assert.Equal(["/bin/bash", "-c"], words.Take(2));
        Assert.Equal(
            "ulimit -c 0 # none\ncase $? in 0) ;; *) exit $?;; esac\necho setup >&3\n"
                + "echo ready >&3; exec 3>&-\na; b",
            words[2]
        );
    }

    [Fact]
    public void A_program_gets_its_arguments_unchanged()
    {
        var words = JobStartShell.Words(Program, "", true, "/bin/bash");

        Assert.Equal(["/bin/sh", "-c"], words.Take(2));
        Assert.Equal(["/bin/sh", "sort", "a b", "$x"], words.Skip(3));
        Assert.StartsWith("echo up >&4; read -r _ <&7 || exit; ", words[2]);
        Assert.EndsWith("exec \"$@\"", words[2]);
    }

    [Fact]
    public void A_named_shell_starts_like_any_program()
    {
        var words = JobStartShell.Words(
            new StartMode.Shell("print 1", "/usr/bin/fish"),
            "",
            true,
            "/bin/bash"
        );

        Assert.Equal(["/bin/sh", "/usr/bin/fish", "-c", "print 1"], words.Skip(3));
    }

    [Fact]
    public void Without_a_sandbox_nothing_releases_the_job() =>
        Assert.DoesNotContain(
            "read -r",
            JobStartShell.Words(Text, "true", false, "/bin/sh")[2],
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("", 0, 0, false, false)]
    [InlineData("anchor 7\n{\n    \"child-pid\": 20115,\n    \"mnt", 20115, 7, false, false)]
    [InlineData(
        "anchor 7\n{\n    \"child-pid\": 5,\n    \"mnt-namespace\": 4026\n}\nsetup\nready\n",
        5,
        7,
        true,
        true
    )]
    [InlineData("setup\n", 0, 0, true, false)]
    [InlineData("{\n    \"child-pid\": 20x", 0, 0, false, false)]
    [InlineData("anchor 7\n\"child-pid\": 5\nanchor 1\n\"child-pid\": 1\n", 5, 7, false, false)]
    public void A_progress_file_is_parsed_even_if_incomplete(
        string text,
        int pid,
        int anchor,
        bool isSetUp,
        bool isReady
    ) => Assert.Equal(new StartProgress(pid, anchor, isSetUp, isReady), StartProgress.Parse(text));

    [Theory]
    [InlineData(false, true, 0, 1, false, null)]
    [InlineData(false, false, 0, 3, false, "the setup line of environment e failed: exit 3")]
    [InlineData(false, false, 11, 0, false, "the setup line of environment e failed: signal 11")]
    [InlineData(false, false, 0, 127, false, "the setup line of environment e failed: exit 127")]
    [InlineData(true, false, 0, 127, false, "no such program in PATH: sort")]
    [InlineData(false, false, 0, 1, true, "its sandbox cannot be created: bwrap: no")]
    public void A_failed_start_has_a_reason(
        bool isSetUp,
        bool isReady,
        int signal,
        int code,
        bool byBubblewrap,
        string? sentence
    )
    {
        var note = new StartProgress(5, 7, isSetUp, isReady);
        var exit = new Exit { Signal = signal, Code = code };
        var plan = new StartPlan("e", true, "sort");
        Assert.Equal(sentence, note.Problem(plan, exit, byBubblewrap, "bwrap: no"));
    }
}
