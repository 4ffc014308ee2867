using FsCheck.Xunit;
using JobCloud.Protocol.Logs;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Logs;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class PythonCommandTests
{
    [Theory]
    [InlineData("python x.py", true)]
    [InlineData("/usr/bin/python3.11 -u x.py", true)]
    [InlineData("env A=b -i pypy3 x.py", true)]
    [InlineData("A=b exec python3 x.py && echo done", true)]
    [InlineData("'/opt/python3' x.py", true)]
    [InlineData("script a b", true)]
    [InlineData("plain a b", false)]
    [InlineData("loop", false)]
    [InlineData("echo python3", false)]
    [InlineData("cd there && python3 x.py", false)]
    [InlineData("python3-config", false)]
    [InlineData("A=b", false)]
    [InlineData("", false)]
    public void A_command_is_Python_if_its_first_program_is(string command, bool isPython) =>
        Assert.Equal(
            isPython,
            PythonCommand.Is(
                command,
                file =>
                    file switch
                    {
                        "script" => "#! /usr/bin/env python3 -u",
                        "plain" => "#!/bin/sh",
                        "loop" => "#!loop",
                        _ => "",
                    }
            )
        );

    [Theory]
    [InlineData("python3 -I x.py", true)]
    [InlineData("/usr/bin/python3 -u -E x.py", true)]
    [InlineData("python3 -sEc 'print()'", true)]
    [InlineData("python3 x.py -I", false)]
    [InlineData("python3 -c E", false)]
    [InlineData("python3 -mE", false)]
    [InlineData("python3 -WIgnore x.py", false)]
    [InlineData("env -I true", false)]
    [InlineData("", false)]
    public void Isolation_options_of_Python_are_recognized(string command, bool ignores) =>
        Assert.Equal(ignores, PythonCommand.IgnoresVariables(command));

    [Property]
    public void Any_command_gives_an_answer(Scrap command, Scrap line) =>
        _ = PythonCommand.Is(command.Text, _ => line.Text);
}
