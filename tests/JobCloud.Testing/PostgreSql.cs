using System.Diagnostics;

namespace JobCloud.Testing;

/// <summary>A PostgreSQL server of a test's own, without disk syncs, on a unix socket.</summary>
public sealed class PostgreSql : IDisposable
{
    private const string Versions = "/usr/lib/postgresql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("jc-pg-").FullName;

    private PostgreSql() { }

    /// <summary>Whether this machine has the programs, and a user to run them as: root may not.</summary>
    public static bool IsHere { get; } =
        Binaries is not null
        && (
            Environment.UserName != "root"
            || File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:"))
        );

    public string Connection => $"Host={folder};Database=postgres;Username=postgres";

    public static PostgreSql Start()
    {
        var server = new PostgreSql();
        if (Environment.UserName == "root")
            Run("chown", "postgres", server.folder);
        As("initdb", "-D", $"{server.folder}/data", "-U", "postgres", "-A", "trust", "-N");
        server.StartAgain();
        return server;
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Stop() => As("pg_ctl", "-D", $"{folder}/data", "-m", "immediate", "-s", "stop");

    public void StartAgain()
    {
        var options = $"-F -c listen_addresses='' -k {folder}";
        string[] files = ["-D", $"{folder}/data", "-l", $"{folder}/log"];
        As("pg_ctl", [.. files, "-w", "-s", "-o", options, "start"]);
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(folder, recursive: true);
    }

    private static string? Binaries =>
        Directory.Exists(Versions)
            ? Directory
                .EnumerateDirectories(Versions)
                .Order()
                .Select(d => $"{d}/bin")
                .LastOrDefault()
            : null;

    private static void As(string program, params string[] arguments)
    {
        var path = $"{Binaries}/{program}";
        if (Environment.UserName == "root")
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else
            Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(info)!;
        // The server keeps what it is given: nobody reads to the end of that.
        if (!process.WaitForExit(Patience) || process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
    }
}
