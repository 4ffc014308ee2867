using System.Text.RegularExpressions;
using System.Xml.Linq;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests;

/// <summary>Rules for every file of the source tree.</summary>
public sealed partial class HouseRules
{
    private static string Root => SourceTree.Root;

    [Theory]
    [InlineData("src", 400)]
    [InlineData("tests", 600)]
    public void No_file_has_more_than_400_lines(string folder, int maxLines)
    {
        var files = Files(folder, ".cs").ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => File.ReadLines(file).Count() > maxLines);
    }

    [Fact]
    public void No_file_has_a_meaningless_name()
    {
        var files = Files("src").Concat(Files("tests"));
        var names = files
            .SelectMany(file =>
                Path.ChangeExtension(Path.GetRelativePath(Root, file), null).Split('/')
            )
            .Distinct();
        Assert.DoesNotContain(names, name => MeaninglessName().IsMatch(name));
    }

    [Fact]
    public void The_protocol_references_few_packages_and_no_project()
    {
        var project = XDocument.Load(Path.Combine(Root, "src/Protocol/JobCloud.Protocol.csproj"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
        Assert.Equal(
            [
                "Google.Protobuf",
                "Grpc.Core.Api",
                "Grpc.Tools",
                "Microsoft.CodeAnalysis.BannedApiAnalyzers",
            ],
            project
                .Descendants("PackageReference")
                .Select(p => p.Attribute("Include")!.Value)
                .Order()
        );
    }

    [Fact]
    public void No_file_contains_an_open_task()
    {
        var texts = new[] { ".cs", ".proto", ".md", ".conf" }.SelectMany(kind =>
            Files("src", kind).Concat(Files("tests", kind))
        );
        Assert.DoesNotContain(texts, file => Unfinished().IsMatch(File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("Node/Daemon")]
    [InlineData("Node/Executor")]
    [InlineData("Tui/FullScreen")]
    [InlineData("Tui/Headless")]
    public void No_program_uses_types_of_another(string program)
    {
        var own = Regex.Escape(program.Replace('/', '.'));
        var foreign = new Regex($@"JobCloud\.(?!{own}\b)(Node|Tui)\.");
        var files = Files($"src/{program}", ".cs").ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => foreign.IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void The_settings_contain_no_type_names()
    {
        var files = Files("hocon", ".conf").ToList();
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => TypeName().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void Every_file_and_test_that_a_recipe_names_exists()
    {
        var recipes = File.ReadAllText(Path.Combine(Root, "CONTRIBUTING.md"));
        var paths = Quoted().Matches(recipes).Select(m => m.Groups[1].Value).ToList();
        var tests = Files("tests", ".cs").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.Contains(paths, IsPath);
        Assert.DoesNotContain(paths.Where(IsPath), path => !Path.Exists(Path.Combine(Root, path)));
        Assert.DoesNotContain(
            paths.Where(path => TestName().IsMatch(path)),
            test => !tests.Contains(Path.GetFileName(test))
        );

        static bool IsPath(string quoted) => RepositoryPath().IsMatch(quoted);
    }

    [Fact]
    public void Comments_are_at_most_100_columns_wide()
    {
        var lines = Files("src", ".cs")
            .Concat(Files("tests", ".cs"))
            .SelectMany(file => File.ReadLines(file).Select(line => (file, line)));
        Assert.DoesNotContain(
            lines,
            at => at.line.Length > 100 && at.line.TrimStart().StartsWith("//")
        );
    }

    [Fact]
    public void No_method_is_async_void() =>
        Assert.DoesNotContain(
            Files("src", ".cs"),
            file => File.ReadAllText(file).Contains("async void ")
        );

    private static IEnumerable<string> Files(string folder, string ending = "") =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), "*" + ending, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Any(part => part is "obj" or "bin"))
            .Select(file => Path.Combine(Root, file));

    /// <summary>A type name of Akka.NET: <c>Name.Space.Type, Assembly</c>.</summary>
    [GeneratedRegex("\"[A-Za-z.]+, *[A-Za-z.-]+\"")]
    private static partial Regex TypeName();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(src|tests|hocon)/")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("^[A-Za-z/]+(Tests|Laws|Rules)$")]
    private static partial Regex TestName();

    [GeneratedRegex("(Util|Utils|Utilities|Helper|Helpers|Manager|Managers|Common)$")]
    private static partial Regex MeaninglessName();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b")]
    private static partial Regex Unfinished();
}
