using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Executor.Logs;

/// <summary>The machine's Python 3.8 or later, which these tests require, and test
/// scripts.</summary>
internal static class Python
{
    /// <summary>The interpreter itself; the one in PATH may be a shell script.</summary>
    public static string Program { get; } =
        ((string[])["/usr/bin", "/usr/local/bin"])
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "python3.*"))
            .Where(file => int.TryParse(file.Split("python3.")[^1], out var minor) && minor >= 8)
            .FirstOrDefault()
        ?? throw new FileNotFoundException("no Python 3.8 or later in /usr/bin: install python3");

    /// <summary>A job that runs this script, which is sent with it.</summary>
    public static StartProcess Job(string script, string arguments = "")
    {
        var job = ExecutorFixture.Job($"{Program} script.py {arguments}".TrimEnd());
        job.Files.Add(
            new SentFile
            {
                Name = "script.py",
                Content = Google.Protobuf.ByteString.CopyFromUtf8(script),
            }
        );
        return job;
    }
}
