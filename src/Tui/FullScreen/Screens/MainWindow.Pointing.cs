namespace JobCloud.Tui.FullScreen.Screens;

internal sealed partial class MainWindow
{
    /// <summary>Handles the mouse, in cells of the terminal.</summary>
    public void Point(int x, int y, MouseAction pointing)
    {
        Invalidate();
        if (Overlay is { } overlay)
            PointOverlay(overlay, x, y, pointing);
        else if (y >= _body.Top && y < _body.Top + _body.Height)
            Top.Point(x, y - _body.Top, pointing);
        else if (pointing != MouseAction.Click)
            return;
        else if (y == _size.Height - 1)
            PointFooter(x);
        else if (Past is not null && y == _body.Top + _body.Height)
            PointScrubber(x);
        else if (y < _body.Top && HeaderOn)
            PointHeader(x, y);
    }

    // A click beside a dialog does nothing: it might be meant for what is below it.
    private void PointOverlay(Overlay overlay, int x, int y, MouseAction pointing)
    {
        var (left, top, width, height) = PlaceOf(overlay, _size.Width, _size.Height);
        if (x > left && x < left + width - 1 && y > top && y < top + height - 1)
            overlay.Point(x - left - 2, y - top - 1, pointing, width - 4, height - 2);
    }

    private void PointScrubber(int x)
    {
        if (_scrubber.InstantAt(x, _size.Width) is { } at)
            TravelTo(at);
    }

    private void PointFooter(int x)
    {
        if (Toast is not null)
            Toast = null;
        else if (Footer.ActionAt(this, _size.Width, x) is { } action)
            Do(action);
    }

    private void PointHeader(int x, int y)
    {
        if (Header.TargetAt(this, _size.Width, _size.Height, x, y) is not { } target)
            return;
        if (target.Status is { } status)
            Screens.ShowStatus(this, status);
        else
            Go(target.Screen!);
    }
}
