using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Maps;

/// <summary>Puts together what submits a map again, from its parts in ascending order.</summary>
public sealed class MapSource
{
    private readonly MapSubmission _submission = new();
    private bool _isDeleted;
    private bool _hasFiles;

    public void Add(ElementsRead read)
    {
        if (read.Submitted is not { } part)
            return;
        _isDeleted |= read.Deleted > 0;
        _hasFiles |= part.Columns.Any(column => column.List?.Files.Count > 0);
        _hasFiles |= part.Spec.Data.Any(parameter => parameter.HasFile);
        var isFirst = _submission.Spec is null;
        if (isFirst)
            _submission.Spec = part.Spec;
        for (var i = 0; i < part.Columns.Count; i++)
            AddColumn(part.Columns[i], i, read.Count, isFirst);
    }

    public MapSubmission Reply()
    {
        _submission.Lacking =
            _isDeleted ? "Elements of this map were deleted, and their values with them."
            : _hasFiles ? "Files were sent along with this map; submit it from the command line."
            : "";
        if (_submission.Lacking.Length > 0)
            _submission.Columns.Clear();
        return _submission;
    }

    // A sequence of the first part is whole; of a list, each part has its own values.
    private void AddColumn(MapColumn column, int at, int count, bool isFirst)
    {
        if (isFirst)
            _submission.Columns.Add(
                column.Sequence is not null
                    ? column
                    : new MapColumn { Name = column.Name, List = new ValueList() }
            );
        if (column.Sequence is not null || at >= _submission.Columns.Count)
            return;
        var values = _submission.Columns[at].List.Values;
        for (var i = 0; i < count; i++)
            values.Add(MapColumns.Value(column, i));
    }
}
