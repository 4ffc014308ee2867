using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>How this user's OpenSSH client gets into jobs.</summary>
internal sealed class SshSetup
{
    private readonly string _proxy;

    /// <summary>Makes the keys where there are none.</summary>
    /// <exception cref="TroubleException">OpenSSH is not installed.</exception>
    public SshSetup(Invocation call)
    {
        Keys = new OpenSshKeys($"{call.Settings.Home.Value}/ssh");
        Keys.Prepare();
        _proxy = OpenSshConfig.Proxy(
            Variables(call),
            [Program(call.Terminal), SshProxyCommand.Word]
        );
    }

    public OpenSshKeys Keys { get; }

    /// <summary>Jobs run as the user of their node, who on this machine is the user of its
    /// socket.</summary>
    public static string User => Environment.UserName;

    /// <summary>What stands for every job.</summary>
    public string ConfigFile => $"{Keys.Folder}/config";

    public string Config(IEnumerable<string> hosts) =>
        OpenSshConfig.Text(hosts, User, Keys.PrivateKey, _proxy);

    /// <summary>Writes the file that is named to the client, for all jobs.</summary>
    /// <exception cref="TroubleException">It cannot be written.</exception>
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
            throw new TroubleException(
                Trouble.Unavailable($"{ConfigFile} cannot be written: {e.Message}")
            );
        }
    }

    private static string Program(Terminal terminal) =>
        Environment.ProcessPath ?? Path.Combine(terminal.Programs, "jobcloud");

    private static IEnumerable<(string, string)> Variables(Invocation call)
    {
        yield return ("JOBCLOUD_HOME", call.Settings.Home.Value);
        if (call.Settings.Server.Value is { Length: > 0 })
            yield return ("JOBCLOUD_SERVER", call.Settings.Address(call.Terminal).ToString()!);
        if (call.Settings.TokenFile.Value is { Length: > 0 } token)
            yield return ("JOBCLOUD_TOKEN_FILE", call.Terminal.Absolute(token));
    }
}
