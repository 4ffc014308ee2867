using System.Globalization;
using Google.Protobuf;

namespace JobCloud.Protocol.Batches;

/// <summary>Reading and cutting the columns of a map: element i takes values[i % length].</summary>
public static class MapColumns
{
    /// <summary>How many values there are before they repeat.</summary>
    public static long Length(MapColumn column) =>
        column.ValuesCase switch
        {
            MapColumn.ValuesOneofCase.List => column.List.Values.Count,
            MapColumn.ValuesOneofCase.Sequence => column.Sequence.Length,
            _ => 0,
        };

    /// <summary>The value that element <paramref name="index"/> (from 0) takes.</summary>
    public static string Value(MapColumn column, long index)
    {
        if (column.ValuesCase == MapColumn.ValuesOneofCase.List)
            return column.List.Values[(int)(index % column.List.Values.Count)];
        var s = column.Sequence;
        var number = s.First + (s.Offset + index) % s.Length * s.Step;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The content of the file that the element's value names; null: it names none.</summary>
    public static ByteString? File(MapColumn column, long index)
    {
        if (column.ValuesCase != MapColumn.ValuesOneofCase.List || column.List.Files.Count == 0)
            return null;
        var wanted = (int)(index % column.List.Values.Count);
        var files = column.List.Files;
        var (low, high) = (0, files.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (files[middle].Index == wanted)
                return files[middle].Content;
            if (files[middle].Index < wanted)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
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
                parameter.File = content;
            parameters.Add(parameter);
        }
        return parameters;
    }

    /// <summary>Columns whose element i is element <paramref name="offset"/> + i of these.</summary>
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

    // Values that repeat within the slice are kept once, rotated to begin with the slice's first.
    private static ValueList Slice(ValueList list, int offset, int count)
    {
        var length = list.Values.Count;
        var taken = Math.Min(length, count);
        var slice = new ValueList();
        slice.Values.Capacity = taken;
        for (var i = 0; i < taken; i++)
            slice.Values.Add(list.Values[(offset + i) % length]);
        if (list.Files.Count == 0)
            return slice;
        slice.Files.AddRange(
            list.Files.Select(f => new ColumnFile
                {
                    Index = (f.Index - offset + length) % length,
                    Content = f.Content,
                })
                .Where(f => f.Index < taken)
                .OrderBy(f => f.Index)
        );
        return slice;
    }
}
