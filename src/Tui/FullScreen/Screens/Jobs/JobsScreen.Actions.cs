using JobCloud.Protocol.Rows;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

internal sealed partial class JobsScreen
{
    private void Bind()
    {
        On(JobsKeys.Filter, _filter.Begin);
        On(JobsKeys.OnlyFailed, () => Look(_look with { OnlyFailed = !_look.OnlyFailed }));
        On(JobsKeys.OnlyMine, () => Look(_look with { OnlyMine = !_look.OnlyMine }));
        On(JobsKeys.SortRight, () => SortBy(1));
        On(JobsKeys.SortLeft, () => SortBy(-1));
        On(JobsKeys.Reverse, () => Sort(_look.Sort, !_look.Descending));
        On(JobsKeys.Columns, () => Window.ShowDialog(new ColumnsOverlay(Window, _hidden)));
        On(JobsKeys.Preview, () => _preview = !_preview);
    }

    // Before the first and after the last column comes the default order, newest first.
    private void SortBy(int step)
    {
        var columns = JobColumns.All.Where(column => column.Field is not null).ToList();
        var at = -1;
        for (var i = 0; i < columns.Count; i++)
            if (columns[i].Field == _look.Sort)
                at = i;
        var next = (at + 1 + step + columns.Count + 1) % (columns.Count + 1) - 1;
        Sort(next < 0 ? null : columns[next].Field, _look.Descending);
    }

    /// <summary>Sorts by the clicked column, or reverses the order if it is the current
    /// one.</summary>
    private void SortAt(int x)
    {
        if (TitleAt(x)?.Field is { } field)
            Sort(field, field == _look.Sort && !_look.Descending);
    }

    private void Sort(RowField? field, bool descending)
    {
        Look(_look with { Sort = field, Descending = descending });
        Window.ChangePreferences(preferences =>
            preferences with
            {
                Sort = field?.Name,
                Descending = descending,
            }
        );
    }
}
