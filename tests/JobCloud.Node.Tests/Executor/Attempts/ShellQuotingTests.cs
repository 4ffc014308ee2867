using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Executor.Attempts;

public sealed class ShellQuotingTests
{
    private static readonly string[] Lines =
    [
        "printf %s {f}",
        "printf %s a{f}b",
        "printf %s \"{f}\"",
        "printf %s 'x{f}y'",
        "printf %s \"$(printf %s {f})\"",
        "printf %s \"$(printf %s '{f}')${HOME:+{f}}\"",
        "printf %s `printf %s {f} | tr -d '\\n' | head -c 0`{f}",
        "echo it\\'s \"a 'b\" # it's {f}\nprintf %s {f}",
        "cat <<END\nit's \"{f}\nEND\nprintf %s {f}",
        "for x in {f} \"{f}\"; do printf '[%s]' \"$x\"; done",
        "case {f} in zz*) printf 1;; *) printf %s {f};; esac",
    ];

    private static readonly string[] Values =
    [
        "plain",
        "a b  c",
        "it's",
        "say \"hi\"",
        "$(echo injected) `echo injected` $HOME ${HOME}",
        "a\\b\\",
        "*;&|<>(){}[]!#~ -x",
        "line 1\nline 2",
        "\ttab ",
        "END",
        "ümlaut ☃",
        "-n",
    ];

    public static TheoryData<string, string> Shells()
    {
        var data = new TheoryData<string, string>();
        foreach (var shell in new[] { "/bin/bash", "/bin/sh" })
        foreach (var line in Lines)
            data.Add(shell, line);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_value_reaches_the_program_as_it_is_wherever_it_stands(string shell, string line)
    {
        foreach (var value in Values)
        {
            var template = CommandTemplate.Parse(new JobSpec { Command = line }).Value!;
            var plain = template.ToRun(_ => "VALUE");
            var expected = Run(shell, plain, "VALUE").Replace("VALUE", value);
            Assert.Equal(expected, Run(shell, template.ToRun(_ => value), value));
        }
    }

    [Theory]
    [InlineData("printf %s {f}")]
    [InlineData("printf %s \"{f}\"")]
    [InlineData("printf %s 'x{f}y'")]
    [InlineData("printf %s $'x{f}y'")]
    public void The_shown_command_prints_the_same(string line)
    {
        foreach (var value in Values)
        {
            var template = CommandTemplate.Parse(new JobSpec { Command = line }).Value!;
            Assert.Equal(
                Run("/bin/bash", template.ToRun(_ => value), value),
                Run("/bin/bash", template.ToShow(_ => value), "")
            );
        }
    }

    private static string Run(string shell, string line, string value)
    {
        var start = new ProcessStartInfo(shell, ["-c", line]) { RedirectStandardOutput = true };
        start.Environment[CommandTemplate.VariableOf("f")] = value;
        start.Environment["HOME"] = "/home/x";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
