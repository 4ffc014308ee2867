using JobCloud.Protocol.Access;

namespace JobCloud.Tui.FullScreen.Screens.Nodes;

/// <summary>Actions on a node.</summary>
internal static class NodeActs
{
    public static void Drain(Frame frame, string node) => Ask(frame, node, undrain: false);

    public static void Undrain(Frame frame, string node) => Ask(frame, node, undrain: true);

    private static void Ask(Frame frame, string node, bool undrain)
    {
        var verb = undrain ? "undrain" : "drain";
        var effect = undrain
            ? "The scheduler will assign jobs to it again."
            : "The scheduler will assign no more jobs to it; running jobs will finish.";
        var request = CloudCalls.Drain.With(new() { Node = node, Undrain = undrain });
        var (toast, yes) = undrain
            ? ($"Node {node} accepts jobs again.", "Undrain")
            : ($"Node {node} is draining.", "Drain");
        frame.Ask(
            new ConfirmOverlay(
                frame,
                new Confirmation(
                    $"{yes} {node}?",
                    [new ConfirmLine(Status.Unspecified, effect)],
                    yes,
                    $"nodes {verb} {node}"
                ),
                () => frame.Send(request, _ => frame.Say(toast, ToastKind.Done))
            )
        );
    }
}
