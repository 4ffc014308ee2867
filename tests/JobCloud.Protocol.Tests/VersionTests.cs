using System.Text.RegularExpressions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests;

/// <summary>The version is written in Directory.Build.props alone.</summary>
public sealed partial class VersionTests
{
    [Fact]
    public void No_project_sets_a_version_of_its_own()
    {
        var projects = Directory
            .EnumerateFiles(SourceTree.Root, "*.*proj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(SourceTree.PathOf("src"), "*.props"))
            .Where(file => !file.Contains("/artifacts/"))
            .ToList();
        Assert.NotEmpty(projects);
        Assert.DoesNotContain(projects, file => Property().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void No_source_file_repeats_the_version()
    {
        var files = Directory
            .EnumerateFiles(SourceTree.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(
            files,
            file => File.ReadAllText(file).Contains($"\"{ProductVersion.Current}\"")
        );
    }

    [Fact]
    public void The_changelog_names_the_version_or_the_release_to_come() =>
        Assert.Contains(
            ProductVersion.Current,
            File.ReadAllText(SourceTree.PathOf("CHANGELOG.md"))
        );

    [GeneratedRegex("<(Version|VersionPrefix|AssemblyVersion|FileVersion|InformationalVersion)>")]
    private static partial Regex Property();
}
