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
                "job 7 ended: over its max runtime",
                new() { OverMaxRuntime = true },
                true
            },
            {
                "job 7 ended: out of memory",
                new() { OutOfMemory = true, Signal = 9 },
                true
            },
            {
                "job 7 ended: its node was cut off",
                new() { Fenced = true, Signal = 9 },
                false
            },
        };

    [Theory]
    [MemberData(nameof(Ends))]
    public void The_end_of_a_job_is_told_in_a_sentence(
        string sentence,
        Exit exit,
        bool isStopped
    ) => Assert.Equal(sentence, JobEnd.Sentence(7, exit, isStopped));

    [Fact]
    public void A_shell_job_that_nobody_came_to_says_how_long_it_waited() =>
        Assert.Equal(
            "Nobody came for 30 min: the shell job ends.",
            ShellJobs.NobodyCame(1_800_000)
        );

    [Fact]
    public void Words_go_through_a_shell_as_they_are()
    {
        var words = TerminalEntry.Within("/bin/sh", "/a b", "", ["x", "it's"]);

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
    public void A_setup_line_has_no_part_in_input_and_output() =>
        Assert.Contains(
            "{\n. venv/activate\n} >&2 </dev/null || exit\n",
            TerminalEntry.Within("/bin/sh", "/", ". venv/activate", ["x"])[2]
        );
}
