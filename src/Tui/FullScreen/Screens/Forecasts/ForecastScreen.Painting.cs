using JobCloud.Tui.FullScreen.Model.Forecasts;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Forecasts;

internal sealed partial class ForecastScreen
{
    private ForecastLayout _layout;
    private ForecastScale _scale = new(0, 1, 1, 0);
    private int _left;
    private int _listTop;

    public override void Paint(Canvas canvas)
    {
        if (Window.Past is not null)
            canvas.Text(1, 1, "A forecast is of the present only. Esc leads to now.", Ink.Muted);
        else if (_seen is { } forecast)
            Paint(canvas, forecast);
        else
            canvas.Text(1, 1, _loader.Error.Length > 0 ? _loader.Error : "Loading…", Ink.Muted);
    }

    private void Paint(Canvas canvas, KnownForecast forecast)
    {
        var reply = forecast.Reply;
        var summary = ForecastLines.Summary(reply, TimeOf, canvas.Width - 2);
        if (reply.Lacking.Length > 0)
        {
            PaintLines(canvas.Part(0, 1, canvas.Width, canvas.Height), summary);
            return;
        }
        var before = _layout.Most;
        _layout = ForecastLayout.Of(
            canvas.Height,
            reply.Nodes.Count,
            reply.Jobs.Count,
            summary.Count,
            most => ForecastLane.Of(reply, most).Count
        );
        if (_layout.Most != before)
            Lay(_layout.Most, Bar);
        PaintBars(canvas, forecast);
        PaintNamed(canvas.Part(0, _layout.NamedAt, canvas.Width, 1), forecast);
        PaintLines(canvas.Part(0, _layout.SummaryAt, canvas.Width, _layout.Summary), summary);
        if (_layout.List == 0)
            return;
        var named = Bar is { } bar ? forecast.QueuedOf(bar) : null;
        var place = named is null ? 0 : forecast.Queued.TakeWhile(jobs => jobs != named).Count();
        _listTop = Math.Max(0, place - _layout.List + 2);
        var list = canvas.Part(0, _layout.ListAt, canvas.Width, _layout.List);
        ForecastList.Paint(list, forecast.Queued, _listTop, named, TimeOf);
    }

    private void PaintBars(Canvas canvas, KnownForecast forecast)
    {
        _left = ForecastPainting.LeftOf(forecast.Reply, canvas.Width);
        var width = canvas.Width - _left - 1;
        _scale = ForecastScale.Of(forecast.Reply, Period, width);
        _lanes.Resize(_layout.Lanes);
        if (forecast.Reply.Bars.Count > 0)
            ForecastPainting.Times(
                canvas.Part(_left, 0, width, 1),
                _scale,
                Window.OffsetAt(forecast.Reply.At)
            );
        if (_lanes.Rows.Count == 0)
            canvas.Text(2, 1, "No node takes jobs.", Ink.Warning);
        for (var y = 1; y <= _layout.Lanes && _lanes.Top + y - 1 < _lanes.Rows.Count; y++)
        {
            var lane = _lanes.Rows[_lanes.Top + y - 1];
            var isNamed = _lanes.Top + y - 1 == _lanes.Cursor;
            ForecastPainting.Name(canvas.Part(0, 0, _left - 1, canvas.Height), y, lane);
            ForecastPainting.Bars(
                canvas.Part(_left, y, width, 1),
                lane,
                _scale,
                forecast,
                isNamed ? Bar : null
            );
            if (isNamed)
                canvas.Put(0, y, '▌', Ink.Accent);
        }
    }

    private void PaintNamed(Canvas canvas, KnownForecast forecast)
    {
        if (Bar is { } bar)
            canvas.Text(1, 0, ForecastLines.Of(bar, forecast, TimeOf), Ink.Accent);
        else if (_lanes.Current is { } lane)
            canvas.Text(
                1,
                0,
                $"{lane.Node.Name} runs nothing, and nothing is planned.",
                Ink.Accent
            );
    }

    private static void PaintLines(Canvas canvas, List<string> lines)
    {
        for (var y = 0; y < Math.Min(lines.Count, canvas.Height); y++)
        {
            var isCut = y == canvas.Height - 1 && y < lines.Count - 1;
            canvas.Text(1, y, isCut ? $"{lines[y]}…" : lines[y], y == 0 ? Ink.Title : Ink.Muted);
        }
    }
}
