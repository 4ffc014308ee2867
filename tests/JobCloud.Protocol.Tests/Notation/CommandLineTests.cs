using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Notation;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class CommandLineTests
{
    [Property]
    public void A_command_starts_directly_only_without_shell_syntax(Scrap scrap)
    {
        var mode = CommandLine.For(scrap.Text, false, "", _ => true);
        if (mode is StartMode.Direct direct)
        {
            Assert.Equal(scrap.Text.Trim(' ', '\t').Length > 0, direct.Argv.Count > 0);
            Assert.All(
                direct.Argv,
                word => Assert.DoesNotContain(word, c => " \t\n$*".Contains(c))
            );
        }
        else if (mode is StartMode.Shell shell)
            Assert.Equal(scrap.Text, shell.Text);
        else
            Assert.Equal("", scrap.Text.Trim(' ', '\t'));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("echo a  b")]
    [InlineData("dd if=/dev/zero of=x")]
    [InlineData("/bin/ls -l\t/tmp")]
    public void A_plain_command_starts_directly(string command)
    {
        var mode = Assert.IsType<StartMode.Direct>(CommandLine.For(command, false, "", _ => true));
        Assert.Equal(command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries), mode.Argv);
    }

    [Theory]
    [InlineData("ls *.txt")]
    [InlineData("echo $HOME")]
    [InlineData("a | b")]
    [InlineData("sleep 1 &")]
    [InlineData("A=1 env")]
    [InlineData("cd /tmp")]
    [InlineData("exit 3")]
    [InlineData("ulimit -v 1000")]
    [InlineData("echo --version")]
    [InlineData("true\nfalse")]
    [InlineData("-x")]
    [InlineData("ls ~")]
    public void A_command_with_shell_syntax_starts_in_a_shell(string command) =>
        Assert.Equal(
            new StartMode.Shell(command, null),
            CommandLine.For(command, false, "", _ => true)
        );

    [Fact]
    public void A_named_shell_is_always_used() =>
        Assert.Equal(
            new StartMode.Shell("true", "/bin/zsh"),
            CommandLine.For("true", false, "/bin/zsh", _ => true)
        );

    [Fact]
    public void Without_a_shell_a_line_is_the_name_of_a_program()
    {
        var mode = CommandLine.For("my program", false, CommandLine.NoShell, _ => true);
        Assert.Equal(["my program"], Assert.IsType<StartMode.Direct>(mode).Argv);
    }

    [Property]
    public void Several_words_reach_the_program_unchanged(Scrap[] scraps)
    {
        var words = scraps.Select(scrap => scrap.Text).ToList();
        if (words.Count < 2)
            return;
        var spec = new JobSpec();
        CommandLine.SetWords(spec, words);
        foreach (var shell in (string[])["", CommandLine.NoShell])
        {
            var mode = CommandLine.For(spec.Command, spec.Argv, shell, _ => true);
            Assert.Equal(words, Assert.IsType<StartMode.Direct>(mode).Argv);
        }
    }

    [Property]
    public void One_word_is_a_shell_line(Scrap scrap)
    {
        var spec = new JobSpec();
        CommandLine.SetWords(spec, [scrap.Text]);
        Assert.Equal((scrap.Text, false), (spec.Command, spec.Argv));
    }

    [Fact]
    public void A_named_shell_gets_several_words_quoted()
    {
        var spec = new JobSpec();
        CommandLine.SetWords(spec, ["printf", "%s", "a b"]);
        Assert.Equal(
            new StartMode.Shell("printf %s 'a b'", "/bin/zsh"),
            CommandLine.For(spec.Command, spec.Argv, "/bin/zsh", _ => true)
        );
    }

    [Theory]
    [InlineData("nosuch a", "", "no such program in PATH: nosuch")]
    [InlineData("./x", "", "no such file: ./x")]
    [InlineData("nosuch", "none", "no such program in PATH: nosuch")]
    [InlineData(" ", "", "the command is empty")]
    public void A_plain_command_without_a_program_cannot_start(
        string text,
        string shell,
        string why
    ) =>
        Assert.Equal(
            new StartMode.CannotStart(why),
            CommandLine.For(text, false, shell, _ => false)
        );
}
