using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

internal sealed partial class JobsScreen
{
    private void Bind()
    {
        OnMoves(_jobs);
        BindActs();
        BindMarks();
        On(JobsKeys.Filter, _filter.Begin);
        On(JobsKeys.OnlyFailed, () => Look(_look with { OnlyFailed = !_look.OnlyFailed }));
        On(JobsKeys.OnlyMine, () => Look(_look with { OnlyMine = !_look.OnlyMine }));
        On(JobsKeys.SortRight, () => SortBy(1));
        On(JobsKeys.SortLeft, () => SortBy(-1));
        On(JobsKeys.Reverse, () => Look(_look with { Descending = !_look.Descending }));
        On(JobsKeys.Columns, () => Frame.Ask(new ColumnsOverlay(Frame, _hidden)));
        On(JobsKeys.Preview, () => _preview = !_preview);
    }

    private void BindMarks()
    {
        On(JobsKeys.Mark, MarkAndMove, IsOnJob);
        On(JobsKeys.MarkRange, _jobs.MarkRange, IsOnJob);
        On(JobsKeys.MarkAll, _jobs.MarkAll);
        On(JobsKeys.Invert, _jobs.Invert);
        On(JobsKeys.Unmark, _jobs.Unmark);
    }

    private void BindActs()
    {
        var places = Frame.Places;
        On(
            JobsKeys.Open,
            () => Frame.Open(places.Job!(Frame, Jid)),
            () => IsOnJob() && places.Job is not null
        );
        On(
            JobsKeys.Output,
            () => Frame.Open(places.Output!(Frame, Jid)),
            () => IsOnJob() && places.Output is not null
        );
        On(JobsKeys.Shell, () => JobActs.Shell(Frame, Jid), () => Has(JobActs.IsProcessing));
        On(
            JobsKeys.Submit,
            () => Frame.Open(places.Submit!(Frame, null)),
            () => places.Submit is not null
        );
        On(
            JobsKeys.Again,
            () => JobActs.SubmitAlike(Frame, Jid),
            () => IsOnJob() && places.Submit is not null
        );
        On(JobsKeys.Kill, () => JobActs.Kill(Frame, Wanted()), () => Any(JobActs.IsUnfinished));
        On(JobsKeys.Delete, () => JobActs.Delete(Frame, Wanted()), () => Any(JobActs.IsFinished));
        On(JobsKeys.Retry, () => JobActs.Retry(Frame, Wanted()), () => Any(JobActs.HasFailed));
        On(
            JobsKeys.Prioritize,
            () => JobActs.Prioritize(Frame, Wanted()),
            () => Any(JobActs.IsUnfinished)
        );
        On(JobsKeys.CopyId, () => JobActs.CopyJids(Frame, Wanted()), IsOnJob);
        On(JobsKeys.CopyRow, () => JobActs.CopyCommands(Frame, Wanted()), IsOnJob);
        On(JobsKeys.Save, () => Frame.Ask(new SaveOverlay(Frame, _jobs.Rows)));
    }

    private long Jid => _jobs.Current?.First ?? 0;

    private bool IsOnJob() => _jobs.Current is not null;

    private bool Has(Func<JobRow, bool> test) => _jobs.Current is { } row && test(row);

    // Of many marked rows it is not looked whether one fits: the cloud says.
    private bool Any(Func<JobRow, bool> test) => _jobs.Marks.Count > 0 || Has(test);

    /// <summary>What an act is for: the marked rows, else that of the cursor.</summary>
    private IReadOnlyList<JobRow> Wanted()
    {
        if (_jobs.Marks.Count == 0)
            return _jobs.Current is { } row ? [row] : [];
        var rows = Frame.Follower.Rows(_jobs.Marks.Order());
        _jobs.KeepMarks(rows.Select(r => r.First));
        return rows;
    }

    private void MarkAndMove()
    {
        _jobs.Mark();
        _jobs.Move(1);
    }

    // Beyond the last and before the first column: newest first.
    private void SortBy(int step)
    {
        var columns = JobColumns.All;
        var at = -1;
        for (var i = 0; i < columns.Count; i++)
            if (columns[i].Field == _look.Sort)
                at = i;
        var next = (at + 1 + step + columns.Count + 1) % (columns.Count + 1) - 1;
        Look(_look with { Sort = next < 0 ? null : columns[next].Field });
    }
}
