using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Testing;

/// <summary>Values for the columns of rows, few and similar, so that they coincide often.</summary>
public static class RowValues
{
    private static readonly string[] Words =
    [
        "",
        "a",
        "gcc -c x",
        "n1",
        "été",
        "me",
        "50%_!",
        "l1",
    ];

    /// <summary>Fills every column of the catalogue.</summary>
    /// <param name="like">A slice of the same submission to copy shared values from; null: this is
    /// the first.</param>
    public static JobRow Filled(JobRow row, Random random, JobRow? like = null)
    {
        foreach (var field in RowFields.All)
        foreach (var column in field.Columns)
            if (like is not null && column.Fold == Fold.Shared)
                column.Copy(like, row);
            else if (column is RowColumn<string> text)
                text.Set(row, Words[random.Next(Words.Length)]);
            else if (column is RowColumn<long> number)
                number.Set(row, field is RowField.Instant ? Instant(random) : random.Next(-1, 16));
        return row;
    }

    private static long Instant(Random random) =>
        random.Next(3) == 0 ? 0 : Generators.Now - (random.Next(5) * 86_400_000_000L);
}
