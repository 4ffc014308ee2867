using JobCloud.Protocol.Environments;

namespace JobCloud.Protocol.Tests.Environments;

public sealed class DefinitionCheckTests
{
    private static readonly DefinitionLimits Limits = new() { NameLength = 8, Bytes = 200 };

    [Fact]
    public void What_is_plain_and_whole_has_no_problem()
    {
        Assert.Empty(Problems(new EnvironmentDefinition { Name = "py-3_11" }));
        Assert.Empty(
            Problems(
                new EnvironmentDefinition
                {
                    Name = "all",
                    Variables = { Variable("A", "1"), Variable("B", "") },
                    Path = { "/opt/bin" },
                    Setup = "ulimit -c 0",
                    Root = "/srv/root",
                    ReadOnly = true,
                }
            )
        );
        Assert.Empty(Problems(Volume("/srv/data", "/data")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ninechars")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a.b")]
    public void A_name_is_short_and_of_letters_digits_and_dashes(string name)
    {
        var problem = Assert.Single(Problems(new EnvironmentDefinition { Name = name }));
        Assert.Equal(
            $"'{name}' cannot name an environment; give 1 to 8 letters, digits, '-' and '_', the first a letter or digit.",
            problem
        );
    }

    [Theory]
    [InlineData("data", "/data", "The directory 'data' is not absolute; begin it with /.")]
    [InlineData(
        "/a/../b",
        "/data",
        "The directory '/a/../b' has an empty part, '.' or '..'; write it without."
    )]
    [InlineData(
        "/a//b",
        "/data",
        "The directory '/a//b' has an empty part, '.' or '..'; write it without."
    )]
    [InlineData(
        "/a/",
        "/data",
        "The directory '/a/' has an empty part, '.' or '..'; write it without."
    )]
    [InlineData("/", "/data", "The directory cannot be / itself; name a directory below it.")]
    [InlineData("/a", "", "The mount path '' is not absolute; begin it with /.")]
    [InlineData("/a", "/", "The mount path cannot be / itself; name a directory below it.")]
    [InlineData("/a", "/proc", "The mount path '/proc' is the kernel's; choose another.")]
    [InlineData("/a", "/dev/shm", "The mount path '/dev/shm' is the kernel's; choose another.")]
    [InlineData("/a", "/b\n", "The mount path holds a control character; remove it.")]
    public void A_volumes_paths_are_absolute_and_lead_down(
        string directory,
        string mountPath,
        string problem
    ) => Assert.Equal([problem], Problems(Volume(directory, mountPath)));

    [Fact]
    public void A_path_that_only_begins_like_the_kernels_is_no_problem() =>
        Assert.Empty(Problems(Volume("/a", "/devices")));

    [Theory]
    [InlineData("", "x", "'' cannot be the name of a variable.")]
    [InlineData("A=B", "x", "'A=B' cannot be the name of a variable.")]
    [InlineData("A", "\0", "The variable 'A' holds a NUL character; remove it.")]
    [InlineData(
        "JOBCLOUD_JID",
        "7",
        "The variable 'JOBCLOUD_JID' is JobCloud's own; choose another name."
    )]
    public void A_variable_has_a_name_of_its_own(string name, string value, string problem) =>
        Assert.Equal(
            [problem],
            Problems(
                new EnvironmentDefinition { Name = "e", Variables = { Variable(name, value) } }
            )
        );

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(
            [
                "The variable 'A' is set twice; set it once.",
                "The directory of PATH 'bin' is not absolute; begin it with /.",
                "The directory of PATH '/a:/b' holds a colon; give each by itself.",
                "The setup line holds a NUL character; remove it.",
                "Only a root can be read-only; name a root, or leave that out.",
            ],
            Problems(
                new EnvironmentDefinition
                {
                    Name = "e",
                    Variables = { Variable("A", "1"), Variable("A", "2") },
                    Path = { "bin", "/a:/b" },
                    Setup = "\0",
                    ReadOnly = true,
                }
            )
        );

    [Fact]
    public void One_that_is_too_large_is_told_its_size()
    {
        var large = new EnvironmentDefinition { Name = "e", Setup = new string('x', 300) };
        Assert.StartsWith("The environment 'e' has 3", Assert.Single(Problems(large)));
    }

    private static IReadOnlyList<string> Problems(EnvironmentDefinition environment) =>
        DefinitionCheck.Problems(new Definition { Environment = environment }, Limits);

    private static IReadOnlyList<string> Problems(VolumeDefinition volume) =>
        DefinitionCheck.Problems(new Definition { Volume = volume }, Limits);

    private static VolumeDefinition Volume(string directory, string mountPath) =>
        new()
        {
            Name = "v",
            Directory = directory,
            MountPath = mountPath,
        };

    private static Variable Variable(string name, string value) =>
        new() { Name = name, Value = value };
}
