using System.Data.Common;
using System.Text;
using System.Text.Json;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.StoreCommands;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Wire;
using Npgsql;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>
/// <c>jobcloud-node store</c>: works on the store of a home, for whoever may read its files. The
/// node need not run; only a restore needs it stopped.
/// </summary>
internal sealed class StoreProgram(NodeSettings settings, StoreArguments given)
{
    /// <summary>The first argument, before which no other is accepted.</summary>
    public const string Word = "store";

    private bool _hasProgress;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        if (StoreArguments.Parse(arguments) is not { } given)
        {
            await Console.Error.WriteLineAsync(StoreArguments.Usage);
            return NodeExitCodes.Usage;
        }
        try
        {
            var settings = NodeProgram.SettingsOf(HoconLoader.Load(given.Node, environment));
            return await new StoreProgram(settings, given).RunAsync(CancellationToken.None);
        }
        catch (SettingsException e)
        {
            foreach (var found in e.Errors)
                await Console.Error.WriteLineAsync(found.Message);
            return NodeExitCodes.Usage;
        }
        catch (CannotStartException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return NodeExitCodes.Refused;
        }
        catch (DbException e)
        {
            await Console.Error.WriteLineAsync($"The store cannot be read: {e.Message}");
            return NodeExitCodes.Refused;
        }
    }

    private HomePaths Paths => settings.Paths;

    private async Task<int> RunAsync(CancellationToken cancel)
    {
        var now = DateTimeOffset.UtcNow;
        switch (given.Verb)
        {
            case "backup":
                RefuseShared("pg_dump --format=custom --file FILE");
                var made = await new StoreBackup(Paths, Progress).WriteAsync(
                    given.File,
                    now,
                    cancel
                );
                Say(
                    $"Wrote {given.File}: {made.Files.Count} files, no keys or certificates. Jids up to "
                        + $"{made.HighestJid} are used or reserved."
                );
                return NodeExitCodes.Success;
            case "restore":
                RefuseShared("pg_restore --clean --if-exists --dbname DATABASE FILE");
                var (manifest, next) = await new StoreRestore(Paths, Progress).RunAsync(
                    given.File,
                    given.Replaces,
                    now,
                    cancel
                );
                Say(
                    $"Restored {Paths.Home} to {manifest.Created:yyyy-MM-dd HH:mm} UTC. The next "
                        + $"jid is at least {next}: {StoreAge.JidMargin} jids after the highest "
                        + "known one are skipped, because jobs may have had them."
                );
                return NodeExitCodes.Success;
            case "check":
                return await CheckAsync(cancel);
            case "export":
                await using (var output = Console.OpenStandardOutput())
                    await new StoreExport(Open()).WriteAsync(output, now.ToMicroseconds(), cancel);
                return NodeExitCodes.Success;
            default:
                WriteFigures(await new StoreStats(Open(), Paths).ReadAsync(cancel));
                return NodeExitCodes.Success;
        }
    }

    private async Task<int> CheckAsync(CancellationToken cancel)
    {
        var findings = await new StoreCheck(Open(), Paths, Progress).RunAsync(cancel);
        EndProgress();
        foreach (var finding in findings)
            Console.Out.WriteLine(finding);
        if (findings.Count > 0)
            return NodeExitCodes.Refused;
        Say("The store has no damage.");
        return NodeExitCodes.Success;
    }

    /// <summary>The store as it is: nothing is created or changed.</summary>
    private NodeStore Open()
    {
        if (settings.Store.Provider == StoreProvider.Sqlite && SqliteFile.IsEmpty(Paths.Journal))
            throw new CannotStartException($"There is no store at {Paths.Journal}.");
        return NodeStore.Unchecked(settings.Store, Paths);
    }

    /// <exception cref="CannotStartException">The store is shared.</exception>
    private void RefuseShared(string command)
    {
        if (settings.Store.Provider == StoreProvider.Sqlite)
            return;
        var connection = new NpgsqlConnectionStringBuilder(settings.Store.Connection);
        throw new CannotStartException(
            $"The store is a PostgreSQL database ({connection.Host}/{connection.Database}); use "
                + $"its own program: {command}; see docs/operations.md."
        );
    }

    private void WriteFigures(IReadOnlyList<StoreFigure> figures)
    {
        if (!given.IsJson)
        {
            var width = figures.Max(static figure => figure.Name.Length);
            foreach (var figure in figures)
                Console.Out.WriteLine($"{figure.Name.PadRight(width)}  {figure.Text}");
            return;
        }
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var figure in figures)
                json.WriteNumber(figure.Name, figure.Value);
            json.WriteEndObject();
        }
        Console.Out.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    /// <summary>Rewrites one line of a terminal.</summary>
    private void Progress(string text)
    {
        if (Console.IsErrorRedirected)
            return;
        _hasProgress = true;
        Console.Error.Write($"\r{text}\u001b[K");
    }

    private void EndProgress()
    {
        if (_hasProgress)
            Console.Error.Write("\r\u001b[K");
        _hasProgress = false;
    }

    private void Say(string sentence)
    {
        EndProgress();
        Console.Error.WriteLine(sentence);
    }
}
