using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Executor.Logs;

/// <summary>The machine's Python 3.8 or later, and scripts for it.</summary>
internal static class Python
{
    /// <summary>The program itself: one in PATH may be a shell script that finds it.</summary>
    public static string? Program { get; } =
        ((string[])["/usr/bin", "/usr/local/bin"])
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "python3.*"))
            .Where(file => int.TryParse(file.Split("python3.")[^1], out var minor) && minor >= 8)
            .FirstOrDefault();

    /// <summary>A job that runs this script, which is sent along.</summary>
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

/// <summary>A test of what Python jobs tell, where the machine has Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() =>
        Skip = Python.Program is null ? "no Python 3.8 or later in /usr/bin" : null;
}
