using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Tests.Terminals;

public sealed class SentenceTests
{
    public static TheoryData<string, Exit, bool> Ends =>
        new()
        {
            { "job 7 ended: done", new(), false },
            {
                "job 7 ended: exit 3",
                new() { Code = 3 },
                false
            },
            {
                "job 7 ended: signal 9 (killed)",
                new() { Signal = 9 },
                false
            },
            {
                "job 7 ended: killed",
                new() { Signal = 15 },
                true
            },
            {
                "job 7 ended: max runtime exceeded",
                new() { OverMaxRuntime = true },
                true
            },
            {
                "job 7 ended: out of memory",
                new() { OutOfMemory = true, Signal = 9 },
                true
            },
            {
                "job 7 ended: its node lost contact with the cloud",
                new() { Fenced = true, Signal = 9 },
                false
            },
        };

    [Theory]
    [MemberData(nameof(Ends))]
    public void The_end_of_a_job_has_a_sentence(string sentence, Exit exit, bool isStopped) =>
        Assert.Equal(sentence, JobEndText.Sentence(new Jid(7), exit, isStopped));

    [Fact]
    public void The_end_of_an_unused_shell_job_states_how_long_it_waited() =>
        Assert.Equal(
            "No terminal opened for 30 min: the shell job ends.",
            ShellJobMessages.NoTerminalOpened(1_800_000)
        );

    [Fact]
    public void Arguments_pass_through_the_shell_unchanged()
    {
        var words = TerminalCommands.Within("/bin/sh", "/a b", "", false, ["x", "it's"]);

        Assert.Equal(
            [
                "/bin/sh",
                "-c",
                "cd \"$1\" || exit\nshift\nexec \"$@\"",
                "/bin/sh",
                "/a b",
                "x",
                "it's",
            ],
            words
        );
    }

    [Fact]
    public void Variables_of_a_job_are_set_inside_its_sandbox()
    {
        var words = TerminalCommands.Within("/bin/sh", "/", "", true, ["x"]);
        Assert.StartsWith(". /proc/self/fd/3 || exit\nexec 3<&-\ncd ", words[2]);
        Assert.Equal(
            "export A='it'\\''s\nso'\nexport B=''\nexport C=a=b\n",
            TerminalCommands.Variables(["A=it's\nso", "B=", "C=a=b", "UID=0", "D.E=1", "=x", "1=2"])
        );
    }

    [Fact]
    public void A_setup_line_does_not_use_the_stdin_or_stdout_of_the_terminal() =>
        Assert.Contains(
            "{\n. venv/activate\n} >&2 </dev/null || exit\n",
            TerminalCommands.Within("/bin/sh", "/", ". venv/activate", false, ["x"])[2]
        );
}
