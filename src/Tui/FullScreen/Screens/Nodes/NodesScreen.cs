using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Nodes;

/// <summary>The list of nodes with their capacity and usage.</summary>
internal sealed class NodesScreen : Screen
{
    private static readonly KeyTable Table = new("nodes", NodesKeys.All, ListKeys.All);

    private readonly RowCursor<NodeLine, NodeName> _nodes = new(line => new(line.Node.Name));
    private Snapshot _seen = Snapshot.Empty;

    public NodesScreen(MainWindow window)
        : base(window, Table)
    {
        OnMoves(_nodes);
        On(NodesKeys.Jobs, ShowJobs, () => Node is not null);
        On(
            NodesKeys.Drain,
            () => NodeActions.Drain(Window, Node!.Name),
            () => Node?.State == "ready"
        );
        On(
            NodesKeys.Undrain,
            () => NodeActions.Undrain(Window, Node!.Name),
            () => Node?.State is "draining" or "drained" or "away"
        );
        On(NodesKeys.Copy, Copy, () => Node is not null);
    }

    public override string Crumb => "nodes";

    public override string Aside
    {
        get
        {
            var all = Window.Snapshot.Nodes;
            if (Window.Past is not null)
                return $"{all.Count} ran jobs";
            if (all.Count == 0)
                return "";
            var ready = all.Count(n => n.Node.State == "ready");
            return ready == all.Count ? $"{all.Count} ready" : $"{ready} of {all.Count} ready";
        }
    }

    private NodeView? Node => _nodes.Current?.Node;

    public override bool Tick()
    {
        if (ReferenceEquals(_seen, Window.Snapshot))
            return false;
        _seen = Window.Snapshot;
        _nodes.Accept(_seen.Nodes);
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        var full = MainWindow.IsFull(canvas.Width, canvas.Height + 4);
        if (full)
        {
            var height = CloudState.RunningKept + 4;
            if (_nodes.Current is { } line)
                NodeDetail.Paint(
                    canvas.Part(0, canvas.Height - height, canvas.Width, height),
                    line,
                    Window
                );
            canvas = canvas.Part(0, 0, canvas.Width, canvas.Height - height);
        }
        NodeRows.PaintTitles(canvas);
        _nodes.Resize(canvas.Height - 1);
        if (_nodes.Rows.Count == 0)
            canvas.Text(3, 2, "Loading…", Ink.Muted);
        for (var y = 0; y < _nodes.Height && _nodes.Top + y < _nodes.Rows.Count; y++)
        {
            NodeRows.Paint(canvas, y + 1, _nodes.Rows[_nodes.Top + y], Window.Now);
            if (_nodes.Top + y != _nodes.Cursor)
                continue;
            canvas.Ground(y + 1, Ground.Cursor);
            canvas.Put(0, y + 1, '▌', new Style(Ink.Accent, Ground.Cursor));
        }
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            _nodes.Scroll(pointing == MouseAction.WheelUp ? -1 : 1);
        else if (y > 0)
            _nodes.GoTo(_nodes.Top + y - 1);
        if (pointing == MouseAction.DoubleClick)
            Do(NodesKeys.Jobs);
    }

    private void ShowJobs()
    {
        var node = Node!.Name;
        Window.Root<JobsScreen>(GlobalKeys.Jobs).Filter($"node={node}");
    }

    private void Copy()
    {
        Window.Effects.Enqueue(new Effect.Copy(Node!.Address));
        Window.ShowToast($"Copied {Node.Address}.");
    }

    private readonly record struct NodeName(string Name);
}
