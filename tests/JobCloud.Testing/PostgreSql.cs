using System.Diagnostics;

namespace JobCloud.Testing;

/// <summary>A private PostgreSQL server of a test, without disk syncs, on a unix socket.</summary>
public sealed class PostgreSql : IDisposable
{
    private const string Versions = "/usr/lib/postgresql";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-pg-").FullName;
    private readonly string? _address;
    private bool _onSmallDisk;

    private PostgreSql(string? address) => _address = address;

    /// <summary>Whether this machine has the programs, and a user other than root to run
    /// them.</summary>
    public static bool IsInstalled { get; } =
        Binaries is not null
        && (
            Environment.UserName != "root"
            || File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:"))
        );

    public string Connection => $"Host={_address ?? _folder};Database=postgres;Username=postgres";

    /// <summary>Whether its data are on a separate disk that can be filled, which requires the
    /// right to mount.</summary>
    public bool CanFill => _onSmallDisk;

    public static PostgreSql Start() => Start(address: null, onSmallDisk: false);

    /// <param name="address">An address to listen on and to put into the connection string; null:
    /// only the unix socket.</param>
    public static PostgreSql Start(string? address, bool onSmallDisk)
    {
        var server = new PostgreSql(address);
        Directory.CreateDirectory(server.Data);
        server._onSmallDisk =
            onSmallDisk && Environment.UserName == "root" && server.MountSmallDisk();
        if (Environment.UserName == "root")
            Run("chown", "-R", "postgres", server._folder);
        As("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-N");
        if (address is not null)
            File.AppendAllText($"{server.Data}/pg_hba.conf", "host all all samenet trust\n");
        server.Restart();
        return server;
    }

    /// <summary>Closes all connections on the server's side.</summary>
    public void DropConnections() =>
        As(
            "psql",
            ["-h", _folder, "-U", "postgres", "-q", "-o", "/dev/null", "-c", DropAll, "postgres"]
        );

    /// <summary>Runs statements, and returns what they answer: a line for each row, its columns
    /// separated by <c>|</c>.</summary>
    public string Query(string sql) =>
        Output(
            Command(
                "psql",
                "-h",
                _folder,
                "-U",
                "postgres",
                "-v",
                "ON_ERROR_STOP=1",
                "-qAt",
                "-c",
                sql,
                "postgres"
            )
        );

    /// <summary>Copies a database to another new one, as the guide says: by a file of pg_dump, and
    /// pg_restore.</summary>
    public void Dump(string database, string file) =>
        As("pg_dump", "-h", _folder, "-U", "postgres", "-Fc", "-f", $"{_folder}/{file}", database);

    /// <inheritdoc cref="Dump"/>
    public void Load(string database, string file) =>
        As("pg_restore", "-h", _folder, "-U", "postgres", "-d", database, $"{_folder}/{file}");

    /// <summary>Fills its disk.</summary>
    public void Fill()
    {
        using var ballast = File.Create(Ballast);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    /// <summary>Frees the disk again, and restarts a server that stopped because it was
    /// full.</summary>
    public void FreeDisk()
    {
        File.Delete(Ballast);
        if (!Succeeds(Command("pg_ctl", "-D", Data, "-s", "status")))
            Restart();
    }

    /// <summary>Stops it at once, like a crash.</summary>
    public void Stop() => As("pg_ctl", "-D", Data, "-m", "immediate", "-s", "stop");

    public void Restart()
    {
        var options = $"-F -c listen_addresses='{_address}' -k {_folder}";
        if (_onSmallDisk)
            options += " -c max_wal_size=64MB -c min_wal_size=32MB";
        string[] files = ["-D", Data, "-l", $"{_folder}/log"];
        As("pg_ctl", [.. files, "-w", "-s", "-o", options, "start"]);
    }

    public void Dispose()
    {
        Stop();
        if (_onSmallDisk)
            Run("umount", Data);
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Binaries =>
        Directory.Exists(Versions)
            ? Directory
                .EnumerateDirectories(Versions)
                .Order()
                .Select(d => $"{d}/bin")
                .LastOrDefault()
            : null;

    private const string DropAll =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

    private string Data => $"{_folder}/data";

    private string Ballast => $"{Data}/ballast";

    private bool MountSmallDisk() =>
        Succeeds(["mount", "-t", "tmpfs", "-o", "size=256m,mode=0700", "tmpfs", Data]);

    private static void As(string program, params string[] arguments) =>
        Run(Command(program, arguments));

    private static string[] Command(string program, params string[] arguments) =>
        Environment.UserName == "root"
            ? ["runuser", "-u", "postgres", "--", $"{Binaries}/{program}", .. arguments]
            : [$"{Binaries}/{program}", .. arguments];

    private static string Output(string[] words)
    {
        var info = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.TrimEnd('\n')
            : throw new InvalidOperationException($"{string.Join(' ', words)} failed");
    }

    private static void Run(params string[] words)
    {
        if (!Succeeds(words))
            throw new InvalidOperationException($"{string.Join(' ', words)} failed");
    }

    private static bool Succeeds(string[] words)
    {
        var info = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(info)!;
        // The server inherits the pipe, so reading it to the end would block.
        return process.WaitForExit(TimeLimit) && process.ExitCode == 0;
    }
}
