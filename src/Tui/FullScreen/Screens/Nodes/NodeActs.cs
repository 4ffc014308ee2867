using JobCloud.Protocol.Access;

namespace JobCloud.Tui.FullScreen.Screens.Nodes;

/// <summary>What can be done to a node, wherever it is named.</summary>
internal static class NodeActs
{
    public static void Drain(Frame frame, string node) => Ask(frame, node, undrain: false);

    public static void Undrain(Frame frame, string node) => Ask(frame, node, undrain: true);

    private static void Ask(Frame frame, string node, bool undrain)
    {
        var word = undrain ? "undrain" : "drain";
        var what = undrain
            ? "It gets jobs again."
            : "It gets no further jobs; those that run on it may end.";
        var request = CloudCalls.Drain.With(new() { Node = node, Undrain = undrain });
        var (said, yes) = undrain
            ? ($"{node} gets jobs again.", "Undrain")
            : ($"{node} gets no further jobs.", "Drain");
        frame.Ask(
            new ConfirmOverlay(
                frame,
                new Confirmation(
                    $"{yes} {node}?",
                    [new ConfirmLine(Status.Unspecified, what)],
                    yes,
                    $"nodes {word} {node}"
                ),
                () => frame.Send(request, _ => frame.Say(said, ToastKind.Done))
            )
        );
    }
}
