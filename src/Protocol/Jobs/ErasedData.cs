using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Jobs;

/// <summary>Removes the data of deleted jobs from what the jobs of a slice share.</summary>
internal static class ErasedData
{
    private static readonly JobSpec NoSpec = new();

    /// <summary>What stays of a slice whose jobs are all deleted.</summary>
    public static Submitted OfDeleted(long first, long last, bool isMap) =>
        new()
        {
            Spec = NoSpec,
            SubmissionFirst = first,
            SubmissionLast = last,
            IsMap = isMap,
        };

    /// <summary>The same columns without the values that only deleted elements have.</summary>
    /// <param name="isDeleted">Whether the element with this index in the slice is
    /// deleted.</param>
    public static Submitted WithoutValues(Submitted submitted, int count, Func<int, bool> isDeleted)
    {
        if (!submitted.Columns.Any(column => column.List is not null))
            return submitted;
        var erased = submitted.Clone();
        foreach (var column in erased.Columns)
            if (column.List is { } list)
                Erase(list, count, isDeleted);
        return erased;
    }

    private static void Erase(ValueList list, int count, Func<int, bool> isDeleted)
    {
        var length = list.Values.Count;
        for (var i = 0; i < length; i++)
        {
            var isUsed = false;
            for (var element = i; element < count && !isUsed; element += length)
                isUsed = !isDeleted(element);
            if (isUsed)
                continue;
            list.Values[i] = "";
            for (var file = list.Files.Count - 1; file >= 0; file--)
                if (list.Files[file].Index == i)
                    list.Files.RemoveAt(file);
        }
    }
}
