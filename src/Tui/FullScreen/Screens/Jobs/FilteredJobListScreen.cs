using System.Globalization;
using JobCloud.Protocol.Queries;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>A list of jobs with a filter and an order.</summary>
internal abstract class FilteredJobListScreen : JobListScreen
{
    private readonly Prompt _filter;
    private string _error = "";

    protected FilteredJobListScreen(MainWindow window, KeyTable keys)
        : base(window, keys)
    {
        _filter = new Prompt("/", text => Look(Chosen with { Filter = text }));
        On(JobsKeys.Filter, _filter.Begin);
        On(JobsKeys.OnlyFailed, () => Look(Chosen with { OnlyFailed = !Chosen.OnlyFailed }));
        On(JobsKeys.SortRight, () => SortBy(1));
        On(JobsKeys.SortLeft, () => SortBy(-1));
        On(JobsKeys.Reverse, () => Sort(Chosen.Sort, !Chosen.Descending));
    }

    /// <summary>The filter and order chosen.</summary>
    protected JobTableQuery Chosen { get; private set; } = new();

    /// <summary>Filters the table by a query.</summary>
    public void Filter(string query) => _filter.Set(query);

    public override bool IsTyping => _filter.Open;

    public override bool Type(KeyPress key) => _filter.Press(key);

    public override bool Clear()
    {
        if (_filter.Clear())
            return true;
        if (Chosen.OnlyFailed || Chosen.OnlyMine)
        {
            Look(Chosen with { OnlyFailed = false, OnlyMine = false });
            return true;
        }
        var marked = Jobs.Marks.Count > 0;
        Jobs.Unmark();
        return marked;
    }

    /// <summary>Uses a filter and order that can be read.</summary>
    protected abstract void Apply(BoundQuery query);

    /// <summary>The columns that the jobs can be sorted by.</summary>
    protected virtual IReadOnlyList<JobColumn> SortColumns => JobColumns.OfRows;

    /// <summary>Called after the user has chosen an order.</summary>
    protected virtual void Sorted() { }

    protected void Look(JobTableQuery look)
    {
        Chosen = look;
        var read = look.Read(Window.Options.Me);
        _error = read.Ok ? "" : read.Errors[0].Message;
        if (read.Ok)
            Apply(read.Value);
    }

    /// <summary>Paints the filter, if there is one; returns the canvas below it.</summary>
    protected Canvas PaintFilter(Canvas canvas)
    {
        if (!_filter.Visible)
            return canvas;
        _filter.Paint(canvas.Part(0, 0, canvas.Width, 1), _error);
        return canvas.Part(0, 1, canvas.Width, canvas.Height - 1);
    }

    /// <summary>The lines that the filter takes.</summary>
    protected int FilterLines => _filter.Visible ? 1 : 0;

    /// <summary>Marks, filter and order in words.</summary>
    protected List<string> Parts()
    {
        var parts = new List<string>();
        if (Jobs.Marks.Count > 0)
            parts.Add($"{Number(Jobs.Marks.Count)} marked");
        if (Chosen.OnlyFailed)
            parts.Add("failed only");
        if (Chosen.OnlyMine)
            parts.Add("mine only");
        if (Chosen.Sort is { } sort)
            parts.Add($"by {sort.Name} {(Chosen.Descending ? "▼" : "▲")}");
        return parts;
    }

    /// <summary>Sorts by the clicked column, or reverses the order if it is the current
    /// one.</summary>
    protected void SortAt(int x)
    {
        if (TitleAt(x) is not { } column)
            return;
        if (SortColumns.Contains(column))
            Sort(column, column == Chosen.Sort ? !Chosen.Descending : column.Field is null);
        else
            Window.ShowToast($"These jobs cannot be sorted by {column.Title}.");
    }

    protected static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);

    // Before the first and after the last column comes the default order.
    private void SortBy(int step)
    {
        var columns = SortColumns;
        var at = -1;
        for (var i = 0; i < columns.Count; i++)
            if (columns[i] == Chosen.Sort)
                at = i;
        var next = (at + 1 + step + columns.Count + 1) % (columns.Count + 1) - 1;
        Sort(next < 0 ? null : columns[next], Chosen.Descending);
    }

    private void Sort(JobColumn? column, bool descending)
    {
        Look(Chosen with { Sort = column, Descending = descending });
        Sorted();
    }
}
