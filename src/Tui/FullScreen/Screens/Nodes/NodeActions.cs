using JobCloud.Protocol.Access;

namespace JobCloud.Tui.FullScreen.Screens.Nodes;

/// <summary>Actions on a node.</summary>
internal static class NodeActions
{
    public static void Drain(MainWindow window, string node) => Ask(window, node, undrain: false);

    public static void Undrain(MainWindow window, string node) => Ask(window, node, undrain: true);

    private static void Ask(MainWindow window, string node, bool undrain)
    {
        var verb = undrain ? "undrain" : "drain";
        var effect = undrain
            ? "The scheduler will assign jobs to it again."
            : "The scheduler will assign no more jobs to it; running jobs will finish.";
        var request = CloudCalls.Drain.With(new() { Node = node, Undrain = undrain });
        var (toast, yes) = undrain
            ? ($"Node {node} accepts jobs again.", "Undrain")
            : ($"Node {node} is draining.", "Drain");
        window.ShowDialog(
            new ConfirmOverlay(
                window,
                new Confirmation(
                    $"{yes} {node}?",
                    [new ConfirmLine(Status.Unspecified, effect)],
                    yes,
                    $"nodes {verb} {node}"
                ),
                () => window.Send(request, _ => window.ShowToast(toast, ToastKind.Done))
            )
        );
    }
}
