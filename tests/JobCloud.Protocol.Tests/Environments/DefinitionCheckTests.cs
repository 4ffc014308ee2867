using JobCloud.Protocol.Environments;

namespace JobCloud.Protocol.Tests.Environments;

public sealed class DefinitionCheckTests
{
    private static readonly DefinitionLimits Limits = new() { NameLength = 8, Bytes = 200 };

    [Fact]
    public void A_valid_definition_has_no_problem()
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
    public void A_name_is_short_and_has_only_letters_digits_and_dashes(string name)
    {
        var problem = Assert.Single(Problems(new EnvironmentDefinition { Name = name }));
        Assert.Equal(
            $"'{name}' cannot name an environment; use 1 to 8 letters, digits, '-' and '_', starting with a letter or digit.",
            problem
        );
    }

    [Theory]
    [InlineData("data", "/data", "The directory 'data' is not absolute; start it with /.")]
    [InlineData(
        "/a/../b",
        "/data",
        "The directory '/a/../b' contains an empty part, '.' or '..'; remove it."
    )]
    [InlineData(
        "/a//b",
        "/data",
        "The directory '/a//b' contains an empty part, '.' or '..'; remove it."
    )]
    [InlineData(
        "/a/",
        "/data",
        "The directory '/a/' contains an empty part, '.' or '..'; remove it."
    )]
    [InlineData("/", "/data", "The directory cannot be /; name a directory below it.")]
    [InlineData("/a", "", "The mount path '' is not absolute; start it with /.")]
    [InlineData("/a", "/", "The mount path cannot be /; name a directory below it.")]
    [InlineData(
        "/a",
        "/proc",
        "The mount path '/proc' is reserved for the kernel; choose another."
    )]
    [InlineData(
        "/a",
        "/dev/shm",
        "The mount path '/dev/shm' is reserved for the kernel; choose another."
    )]
    [InlineData("/a", "/b\n", "The mount path contains a control character; remove it.")]
    public void The_paths_of_a_volume_are_absolute_and_normalized(
        string directory,
        string mountPath,
        string problem
    ) => Assert.Equal([problem], Problems(Volume(directory, mountPath)));

    [Fact]
    public void A_path_with_only_a_prefix_of_a_kernel_path_is_valid() =>
        Assert.Empty(Problems(Volume("/a", "/devices")));

    [Theory]
    [InlineData("", "x", "'' is not a valid variable name.")]
    [InlineData("A=B", "x", "'A=B' is not a valid variable name.")]
    [InlineData("A", "\0", "The variable 'A' contains a NUL character; remove it.")]
    [InlineData(
        "JOBCLOUD_JID",
        "7",
        "The variable name 'JOBCLOUD_JID' is reserved; choose another name."
    )]
    public void A_variable_name_is_valid_and_not_reserved(
        string name,
        string value,
        string problem
    ) =>
        Assert.Equal(
            [problem],
            Problems(
                new EnvironmentDefinition { Name = "e", Variables = { Variable(name, value) } }
            )
        );

    [Fact]
    public void All_problems_are_reported_at_once() =>
        Assert.Equal(
            [
                "The variable 'A' is set twice; set it once.",
                "The directory of PATH 'bin' is not absolute; start it with /.",
                "The directory of PATH '/a:/b' contains a colon; give each one separately.",
                "The setup line contains a NUL character; remove it.",
                "Only a root can be read-only; name a root or omit read-only.",
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
    public void An_error_states_the_size_of_a_large_definition()
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
