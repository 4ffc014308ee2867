using System.Diagnostics;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The package of the client library, as its users get it.</summary>
public sealed class ClientLibraryTests
{
    private const string Expected = """
        hello
        a  b|c|
        3 of 3 are done
        1
        4
        9
        job 2: printf '%s|' 'a  b' c
        apple
        orange
        pear
        line 1
        line 2
        line 3
        """;

    private static readonly string Project = SourceTree.PathOf(
        "src/Tui/Client/JobCloud.Client.csproj"
    );

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_sample_builds_from_the_package_and_runs()
    {
        await using var cloud = new Cloud();
        await cloud.OkAsync("node", "start");
        var folder = Directory.CreateTempSubdirectory("jc-sample-").FullName;
        try
        {
            await DotnetAsync(folder, cloud.Home, "pack", Project, "-c", "Release", "-o", "feed");
            foreach (var file in Directory.EnumerateFiles(SourceTree.PathOf("docs/dotnet")))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            File.WriteAllText($"{folder}/nuget.config", Feeds());

            await DotnetAsync(folder, cloud.Home, "build", "-nologo", "-v", "quiet");
            var output = await DotnetAsync(folder, cloud.Home, "run", "--no-build");

            Assert.StartsWith(Expected, output);
            Assert.Contains("submitted: ", output);
            Assert.Contains("exit code 0\n", output);
            Assert.Contains("ended with status error: exit 3", output);
            Assert.EndsWith("1 job was killed; its status is Killed\n", output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The folders of the package and of the packages that this build used.</summary>
    private static string Feeds()
    {
        var used =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? $"{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}/.nuget/packages";
        return $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="packages" />
              </config>
              <packageSources>
                <clear />
                <add key="built" value="feed" />
                <add key="used" value="{used}" />
              </packageSources>
            </configuration>
            """;
    }

    private static async Task<string> DotnetAsync(
        string folder,
        string home,
        params string[] arguments
    )
    {
        var info = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["JOBCLOUD_HOME"] = home;
        info.Environment.Remove("JOBCLOUD_SERVER");
        using var process = Process.Start(info)!;
        var reading = process.StandardOutput.ReadToEndAsync();
        var readingErrors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeLimit);
        await process.WaitForExitAsync(limit.Token);
        var output = await reading;
        Assert.True(process.ExitCode == 0, $"{output}{await readingErrors}");
        return output;
    }
}
