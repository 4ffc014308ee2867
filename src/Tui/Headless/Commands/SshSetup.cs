using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>This user's OpenSSH configuration for terminals in jobs.</summary>
internal sealed class SshSetup
{
    private readonly string _proxy;

    /// <summary>Creates the keys if they do not exist.</summary>
    /// <exception cref="CommandErrorException">OpenSSH is not installed.</exception>
    public SshSetup(Invocation call)
    {
        Keys = new OpenSshKeys($"{call.Settings.Home.Value}/ssh");
        Keys.Prepare();
        _proxy = OpenSshConfig.Proxy(
            Variables(call),
            [Program(call.Terminal), SshProxyCommand.CommandName]
        );
    }

    public OpenSshKeys Keys { get; }

    /// <summary>The account that this user's jobs run as, if the local socket leads to the
    /// node.</summary>
    public static string User => Environment.UserName;

    /// <summary>The configuration file for all jobs.</summary>
    public string ConfigFile => $"{Keys.Folder}/config";

    public string Config(IEnumerable<string> hosts) =>
        OpenSshConfig.Text(hosts, User, Keys.PrivateKey, _proxy);

    /// <summary>Writes the configuration file.</summary>
    /// <exception cref="CommandErrorException">It cannot be written.</exception>
    public void WriteConfigFile()
    {
        var draft = $"{ConfigFile}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllText(draft, Config(["job-*"]));
            File.Move(draft, ConfigFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandErrorException(
                CommandError.Unavailable($"Cannot write {ConfigFile}: {e.Message}")
            );
        }
    }

    private static string Program(CommandProcess terminal) =>
        Environment.ProcessPath ?? Path.Combine(terminal.Programs, "jobcloud");

    private static IEnumerable<(string, string)> Variables(Invocation call)
    {
        yield return ("JOBCLOUD_HOME", call.Settings.Home.Value);
        if (call.Settings.Server.Value is { Length: > 0 })
            yield return ("JOBCLOUD_SERVER", call.Endpoint.Address().ToString()!);
        if (call.Settings.TokenFile.Value is { Length: > 0 } token)
            yield return ("JOBCLOUD_TOKEN_FILE", call.Terminal.Absolute(token));
    }
}
