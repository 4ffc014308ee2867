using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Screens.Commands;

/// <summary>The commands of the headless program that have no screen: they run on the terminal,
/// and their output is read there.</summary>
internal static class HeadlessCommands
{
    public static IReadOnlyList<PaletteCommand> All { get; } =
    [
        Of("exec", "COMMAND", "submit a job", true),
        Of("mapexec", "COMMAND", "submit a map", true),
        Of("exec-shell", "[OPTIONS]", "submit an interactive job and open a terminal in it", true),
        Of("batch", "FILE", "run the lines of a file", true),
        Of("status", "[JIDS]", "print the statuses of jobs"),
        Of("join", "[JIDS]", "wait until jobs have ended"),
        Of("result", "JIDS", "print what jobs returned"),
        Of("wait-for", "status|port JIDS …", "wait for a status or a port"),
        Of("purge", "[QUERY]", "delete finished jobs", true),
        Of("ssh-info", "JID", "print how to open a terminal with ssh"),
        Of("ssh-config", "[OPTIONS]", "write the settings of OpenSSH", true),
        Of("env", "list|show|…", "environments", true),
        Of("volume", "list|show|…", "volumes", true),
        Of("node", "status|start|stop|…", "the node of this machine", true),
        Of("store", "stats|backup|…", "the store", true),
        Of("token", "list|create|revoke", "access tokens", true),
        Of("ca", "…", "the certificates of the cloud", true),
        Of("config", "[NAMES]", "print the settings"),
    ];

    private static PaletteCommand Of(
        string name,
        string usage,
        string summary,
        bool changes = false
    ) =>
        new(
            name,
            usage,
            summary,
            (window, argument) => Run(window, name, argument),
            Changes: changes
        );

    private static void Run(MainWindow window, string name, string argument)
    {
        var words = ShellWords.Split(argument);
        if (words.Ok)
            window.Effects.Enqueue(new Effect.RunChild([name, .. words.Value], Waits: true));
        else
            window.ShowToast(words.Error.Message, ToastKind.Error);
    }
}
