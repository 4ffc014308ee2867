using System.Globalization;
using Google.Protobuf.Collections;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Notation;

/// <summary>Reads and slices the columns of a map: element i has values[i % length].</summary>
public static class MapColumns
{
    /// <summary>The number of values before they repeat.</summary>
    public static long Length(MapColumn column) =>
        column.ValuesCase switch
        {
            MapColumn.ValuesOneofCase.List => column.List.Values.Count,
            MapColumn.ValuesOneofCase.Sequence => column.Sequence.Length,
            _ => 0,
        };

    /// <summary>The value of element <paramref name="index"/> (from 0).</summary>
    public static string Value(MapColumn column, long index)
    {
        if (column.ValuesCase == MapColumn.ValuesOneofCase.List)
            return column.List.Values[(int)(index % column.List.Values.Count)];
        var s = column.Sequence;
        var number = s.First + (s.Offset + index) % s.Length * s.Step;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The content of the file that the element's value names; null: none.</summary>
    public static SentContent? File(MapColumn column, long index)
    {
        if (column.ValuesCase != MapColumn.ValuesOneofCase.List || column.List.Files.Count == 0)
            return null;
        var wanted = (int)(index % column.List.Values.Count);
        var files = column.List.Files;
        var at = FirstFrom(files, wanted);
        return at < files.Count && files[at].Index == wanted ? SentContent.Of(files[at]) : null;
    }

    /// <summary>The parameters of one element, in the columns' order.</summary>
    public static List<Parameter> Parameters(IReadOnlyList<MapColumn> columns, long index)
    {
        var parameters = new List<Parameter>(columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            var parameter = new Parameter
            {
                Name = columns[i].Name,
                Value = Value(columns[i], index),
            };
            if (File(columns[i], index) is { } content)
                content.PutInto(parameter);
            parameters.Add(parameter);
        }
        return parameters;
    }

    /// <summary>Columns whose element i is element <paramref name="offset"/> + i of
    /// these.</summary>
    public static List<MapColumn> Slice(IReadOnlyList<MapColumn> columns, long offset, int count)
    {
        var slices = new List<MapColumn>(columns.Count);
        for (var i = 0; i < columns.Count; i++)
            slices.Add(Slice(columns[i], offset, count));
        return slices;
    }

    private static MapColumn Slice(MapColumn column, long offset, int count)
    {
        var slice = new MapColumn { Name = column.Name };
        if (column.ValuesCase == MapColumn.ValuesOneofCase.List)
            slice.List = Slice(column.List, (int)(offset % column.List.Values.Count), count);
        else if (column.Sequence is { } sequence)
        {
            slice.Sequence = sequence.Clone();
            slice.Sequence.Offset = (sequence.Offset + offset) % sequence.Length;
        }
        return slice;
    }

    // Keeps values that repeat within the slice once, rotated to start with the slice's first.
    private static ValueList Slice(ValueList list, int offset, int count)
    {
        var length = list.Values.Count;
        var taken = Math.Min(length, count);
        var slice = new ValueList();
        slice.Values.Capacity = taken;
        for (var i = 0; i < taken; i++)
            slice.Values.Add(list.Values[(offset + i) % length]);
        var end = offset + taken;
        AddFiles(list, slice, offset, Math.Min(end, length), -offset);
        AddFiles(list, slice, 0, end - length, length - offset);
        return slice;
    }

    // Adds the files of the values from..to (exclusive), with indexes moved by `shift`.
    private static void AddFiles(ValueList list, ValueList slice, int from, int to, int shift)
    {
        var files = list.Files;
        for (var i = FirstFrom(files, from); i < files.Count && files[i].Index < to; i++)
        {
            var moved = new ColumnFile
            {
                Index = files[i].Index + shift,
                Content = files[i].Content,
                Blob = files[i].Blob,
            };
            slice.Files.Add(moved);
        }
    }

    // The position of the first file with at least this index; the indexes ascend.
    private static int FirstFrom(RepeatedField<ColumnFile> files, int index)
    {
        var (low, high) = (0, files.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (files[middle].Index < index)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
